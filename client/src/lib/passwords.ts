/** As the server asks for; a shorter one is refused there. */
export const shortestPassword = 10;

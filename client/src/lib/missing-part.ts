/** Whether a part of the page itself could not be fetched. Browsers word it differently; a reload is the only way on. */
export function isMissingPart(error: unknown): boolean {
  return error instanceof TypeError && /import/i.test(error.message);
}

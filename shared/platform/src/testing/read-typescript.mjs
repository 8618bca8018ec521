import { register } from 'tsx/esm/api';

/** Lets a thread that runs from source read TypeScript, as the process that started it does. */
register();

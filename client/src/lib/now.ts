import { createSignal } from 'solid-js';

/** The time, moving every 20 s: enough for "5 min ago", and one timer for the whole page. */
const [now, setNow] = createSignal(Date.now());
setInterval(() => setNow(Date.now()), 20_000);

export { now };

import { createMemo, createRoot, createSignal } from 'solid-js';
import { call } from '../api/index.ts';
import { listen } from '../live/index.ts';

/** Raised hands; the server alone knows which of them this person may see. */
const [hands, setHands] = createSignal(0);
/** Open disputes as the list shows them; ids, so that an update seen twice counts once. */
const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set());
const [more, setMore] = createSignal(false);
let started = false;

async function refreshHands(): Promise<void> {
  try {
    setHands((await call('hands.list', { query: { limit: 100 } })).items.length);
  } catch {
    // As below.
  }
}

async function refresh(): Promise<void> {
  void refreshHands();
  try {
    const page = await call('disputes.list', { query: { limit: 200 } });
    setOpen(new Set<string>(page.items.map((d) => d.taskId)));
    setMore(page.next !== null);
  } catch {
    // The badge is a convenience; the page itself says what is wrong.
  }
}

/** Starts following disputes for the badge in the navigation. Once per page load. */
export function followDisputes(): void {
  if (started) return;
  started = true;
  void refresh();
  listen(
    'disputes',
    (update) => {
      if (update.kind === 'hand') void refreshHands();
      if (update.kind !== 'dispute') return;
      const next = new Set(open());
      if (update.change === 'opened') next.add(update.dispute.taskId);
      else next.delete(update.dispute.taskId);
      setOpen(next);
    },
    () => void refresh(),
  );
}

/** What waits for a reviewer, disputes and raised hands: "3", "200+", or null when nothing does. */
export const disputeBadge = createRoot(() =>
  createMemo(() => {
    const waiting = open().size + hands();
    return waiting === 0 ? null : `${waiting}${more() ? '+' : ''}`;
  }),
);

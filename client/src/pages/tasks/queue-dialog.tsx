import { createSignal, For, Show } from 'solid-js';
import { call } from '../../api/index.ts';
import { plural } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { showError, showToast } from '../../ui/toast.tsx';

type Left = readonly { readonly task: string; readonly why: string }[];

/** Makes a labelling job of chosen tasks: they come first in everybody's queue, with more answers if wished. */
export function QueueDialog(props: {
  open: boolean;
  project: string;
  tasks: readonly string[];
  onClose: () => void;
  onDone: () => void;
}) {
  const [extra, setExtra] = createSignal(0);
  const [busy, setBusy] = createSignal(false);
  const [left, setLeft] = createSignal<Left>([]);

  async function queue(): Promise<void> {
    setBusy(true);
    try {
      const result = await call('tasks.prioritise', {
        params: { project: props.project },
        body: { tasks: [...props.tasks], extraOverlap: extra() },
      });
      if (result.queued > 0) showToast('ok', `${plural(result.queued, 'task')} at the head of the queue.`);
      if (result.left.length > 0) setLeft(result.left);
      else finish();
    } catch (error) {
      showError(error);
    } finally {
      setBusy(false);
    }
  }
  function finish(): void {
    setLeft([]);
    setExtra(0);
    props.onDone();
  }
  const reasons = () => {
    const counts = new Map<string, number>();
    for (const { why } of left()) counts.set(why, (counts.get(why) ?? 0) + 1);
    return [...counts];
  };

  return (
    <Show
      when={left().length === 0}
      fallback={
        <Dialog
          open={props.open}
          onClose={finish}
          title={`${plural(left().length, 'task')} could not be queued`}
          footer={
            <Button kind="primary" onClick={finish}>
              Done
            </Button>
          }
        >
          <ul class="flex flex-col gap-1">
            <For each={reasons()}>
              {([why, n]) => (
                <li>
                  <strong class="font-semibold tabular-nums">{n}</strong> {why}
                </li>
              )}
            </For>
          </ul>
        </Dialog>
      }
    >
      <Dialog
        open={props.open}
        onClose={props.onClose}
        title={`Put ${plural(props.tasks.length, 'task')} first`}
        description="They come before everything else in each person’s queue, until they are settled."
        footer={
          <>
            <Button onClick={props.onClose}>Cancel</Button>
            <Button kind="primary" busy={busy()} onClick={() => void queue()}>
              Put first
            </Button>
          </>
        }
      >
        <Field label="More answers than now" hint="0 leaves the number of people asked per task as it is.">
          {(ids) => (
            <Input
              {...ids}
              type="number"
              min="0"
              max="10"
              class="w-24!"
              value={extra()}
              onInput={(e) => setExtra(Math.max(0, Math.min(10, Number(e.currentTarget.value) || 0)))}
            />
          )}
        </Field>
      </Dialog>
    </Show>
  );
}

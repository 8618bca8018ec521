import type { TaskDetail } from '@concord/core/protocol/resources';
import type { TaskId } from '@concord/core/records/ids';
import { A, revalidate, useNavigate, useParams } from '@solidjs/router';
import { createMemo, createResource, createSignal, For, Match, onCleanup, Show, Switch } from 'solid-js';
import { call, messageOf } from '../../api/index.ts';
import { useKeys } from '../../modalities/keys.ts';
import { surfaceOf } from '../../modalities/registry.ts';
import { readDisputes } from '../../reads/queries.ts';
import { type RoomSession, roomsClient } from '../../session/index.ts';
import { me } from '../../shell/session.ts';
import { createRoomStore, emptyView, type LayerView } from '../../store/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { showError, showToast } from '../../ui/toast.tsx';
import { SaveBadge } from '../label/save-badge.tsx';
import { createStageProps, opsTo } from '../label/stage-props.ts';

async function enter(task: string) {
  const detail = await call('tasks.get', { params: { task } });
  const session = await roomsClient().open(task as TaskId, 'review', me());
  await session.joined;
  return { detail, session };
}

/** A super-reviewer in a disputed room: everybody's answer side by side, one to start from, a reason, settled. */
export function ReviewPage() {
  const params = useParams();
  const [room] = createResource(() => params['task']!, enter);
  onCleanup(() => room.latest?.session.close('when-sent'));
  return (
    <Switch fallback={<div class="h-dvh" aria-busy="true" />}>
      <Match when={room.error as unknown}>
        {(error) => (
          <EmptyState
            title="This room could not be entered"
            action={<LinkButton href="/disputes">To the disputes</LinkButton>}
          >
            {messageOf(error())}
          </EmptyState>
        )}
      </Match>
      <Match when={room.latest} keyed>
        {(here) => <Bench detail={here.detail} session={here.session} />}
      </Match>
    </Switch>
  );
}

/** What an answer says, so that equal ones can be told from different ones. */
const contentOf = (layer: LayerView) =>
  JSON.stringify([layer.answers, layer.regions.map((r) => [r.kind, r.label, r.shape]).sort()]);
const regionKey = (r: LayerView['regions'][number]) => JSON.stringify([r.kind, r.label, r.shape]);

function Bench(props: { detail: TaskDetail; session: RoomSession }) {
  const { detail, session } = props;
  const navigate = useNavigate();
  const room = createRoomStore(session);
  const [surface] = createResource(() => surfaceOf(detail.project.schema.modality));
  const [reason, setReason] = createSignal('');
  const [basedOn, setBasedOn] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const startedAt = performance.now();
  const people = createMemo(() =>
    Object.values(room.layers).filter(
      (l): l is LayerView => l?.id.startsWith('usr_') === true && l.submitted !== null,
    ),
  );
  const nameOf = (id: string) => detail.submissions?.find((s) => s.userId === id)?.name ?? 'A colleague';
  const settled = () => room.view?.state === 'finalized';
  const differs = (layer: LayerView) => {
    const all = people();
    return new Set(
      layer.regions
        .filter((r) => !all.every((l) => l.regions.some((other) => regionKey(other) === regionKey(r))))
        .map((r) => r.id),
    );
  };

  function take(layer: LayerView): void {
    const now = room.layers['consensus'] ?? emptyView('consensus');
    session.dispatch(
      'consensus',
      opsTo({ regions: layer.regions.map(({ by: _by, ...r }) => r), answers: { ...layer.answers } }, now),
      `take-${layer.id}`,
    );
    setBasedOn(layer.id);
  }
  async function settle(): Promise<void> {
    if (busy() || settled()) return;
    if (reason().trim() === '') {
      document.querySelector<HTMLElement>('[data-testid="decision-reason"]')?.focus();
      showToast('info', 'Say why, in a few words.');
      return;
    }
    setBusy(true);
    try {
      const answer = await session.resolve(reason(), basedOn(), performance.now() - startedAt);
      if (answer.ok === true) {
        showToast('ok', 'Settled');
        await revalidate(readDisputes.key);
        const next = (await call('disputes.list', { query: { limit: 1 } })).items[0];
        navigate(next === undefined ? '/disputes' : `/review/${next.taskId}`);
      } else showToast('error', answer.ok === 'lost' ? 'Not connected. Try again.' : answer.problem.detail);
    } catch (error) {
      showError(error);
    } finally {
      setBusy(false);
    }
  }
  useKeys(
    (key) => {
      if (key === 'ctrl+enter') void settle();
      else if (/^alt\+[1-9]$/.test(key) && people()[Number(key.at(-1)) - 1])
        take(people()[Number(key.at(-1)) - 1]!);
      else return false;
      return true;
    },
    ['ctrl+enter'],
  );

  return (
    <div class="flex h-dvh flex-col bg-canvas text-ink">
      <header class="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2">
        <A href="/disputes" class="text-accent-ink">
          Disputes
        </A>
        <span class="truncate font-medium">
          {detail.project.name} · Task {detail.task.seq}
        </span>
        <SaveBadge state={room.save} />
        <span class="text-sm text-ink-3">{room.view?.members.map((m) => m.user.display).join(', ')}</span>
        <span class="flex-1" />
        <Show when={settled()}>
          <span class="rounded-full bg-accent-soft px-3 py-1 text-sm" data-testid="settled">
            Settled
          </span>
        </Show>
      </header>
      <Show when={surface()} keyed>
        {(found) => {
          const made = createStageProps(
            session,
            room,
            { asset: detail.asset, schema: detail.project.schema },
            {
              layer: () => 'consensus',
              editable: () => !settled(),
              armed: found.startsArmed,
              onDone: () => void settle(),
              differs,
            },
          );
          return (
            <div class="flex min-h-0 flex-1 flex-col lg:flex-row">
              <main class="min-h-0 min-w-0 flex-1">
                <found.Stage {...made.props} />
              </main>
              <aside
                class="flex w-full flex-col gap-4 overflow-y-auto border-line p-4 lg:w-96 lg:border-l"
                aria-label="Answers and decision"
              >
                <h2 class="text-xs font-medium text-ink-3">Answers</h2>
                <ol class="flex flex-col gap-2" data-testid="answers">
                  <For each={people()}>
                    {(layer, i) => {
                      const same = () => people().filter((l) => contentOf(l) === contentOf(layer)).length;
                      return (
                        <li class="rounded-md border border-line p-3">
                          <div class="flex items-center gap-2">
                            <span class="flex-1 font-medium">{nameOf(layer.id)}</span>
                            <span class="text-sm text-ink-3">
                              {same()} of {people().length} say this
                            </span>
                          </div>
                          <dl class="mt-1 text-base text-ink-2">
                            <For each={Object.entries(layer.answers)}>
                              {([key, value]) => (
                                <div class="flex gap-2">
                                  <dt class="text-ink-3">{key}</dt>
                                  <dd class="min-w-0 break-words">{String(value)}</dd>
                                </div>
                              )}
                            </For>
                            <Show when={layer.regions.length > 0}>
                              <div>
                                {layer.regions.length} regions, {differs(layer).size} not shared by all
                              </div>
                            </Show>
                          </dl>
                          <Button
                            size="sm"
                            disabled={settled()}
                            onClick={() => take(layer)}
                            title={`Alt+${i() + 1}`}
                          >
                            Start from this
                          </Button>
                        </li>
                      );
                    }}
                  </For>
                </ol>
                <label class="flex flex-col gap-1">
                  <span class="text-xs font-medium text-ink-3">Reason (goes into the record)</span>
                  <textarea
                    class="min-h-24 rounded-md border border-line bg-surface p-2"
                    data-testid="decision-reason"
                    value={reason()}
                    onInput={(e) => setReason(e.currentTarget.value)}
                    disabled={settled()}
                  />
                </label>
                <Button
                  kind="primary"
                  busy={busy()}
                  disabled={settled()}
                  onClick={() => void settle()}
                  data-testid="settle"
                  title="Ctrl+Enter"
                >
                  Settle
                </Button>
              </aside>
            </div>
          );
        }}
      </Show>
    </div>
  );
}

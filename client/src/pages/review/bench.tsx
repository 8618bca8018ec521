import type { LayerId } from '@concord/core/records/ids';
import { revalidate, useNavigate, useSearchParams } from '@solidjs/router';
import ChevronLeft from 'lucide-solid/icons/chevron-left';
import { createEffect, createMemo, createSignal, Show } from 'solid-js';
import { call } from '../../api/index.ts';
import { useKeys } from '../../modalities/keys.ts';
import { readDisputes } from '../../reads/index.ts';
import { FollowBar } from '../../room/follow-bar.tsx';
import { HandBar } from '../../room/hand-bar.tsx';
import type { OpenTask } from '../../room/open-task.ts';
import { createRoomTools } from '../../room/room-tools.ts';
import { newRegionId } from '../../session/index.ts';
import { createRoomStore, emptyView, type LayerView } from '../../store/index.ts';
import { Button, showError, showToast } from '../../ui/index.ts';
import { Replay } from '../history/replay.tsx';
import { KeysHelp } from '../label/keys-help.tsx';
import { RoomNotices } from '../label/room-notices.tsx';
import { annotationOfView, disputedRegions, isEmpty, opsTo } from './compare.ts';
import { createComputed } from './computed.ts';
import { ReviewBar } from './review-bar.tsx';
import { ReviewPanel } from './review-panel.tsx';

const keys = [
  { keys: ['Shift', '1', '–', '9'], does: 'Start from this person’s answer' },
  { keys: ['C'], does: 'Start from what they say together' },
  { keys: ['Ctrl', 'Enter'], does: 'Settle' },
  { keys: ['Ctrl', 'Z'], does: 'Undo what I did last' },
  { keys: ['?'], does: 'These keys' },
] as const;

/** One disputed task: the agreed answer is edited on the stage, over what everybody said. */
export function Bench(props: { open: OpenTask }) {
  const { detail, session, surface } = props.open;
  const navigate = useNavigate();
  const room = createRoomStore(session);
  const [reason, setReason] = createSignal('');
  const [basedOn, setBasedOn] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const [help, setHelp] = createSignal(false);
  const [hidden, setHidden] = createSignal<ReadonlySet<LayerId>>(new Set());
  const startedAt = performance.now();
  const [replaying, setReplaying] = createSignal(false);
  const [search, setSearch] = useSearchParams();
  const settled = () => room.view?.state === 'finalized';

  const people = createMemo(() =>
    Object.values(room.layers)
      .filter((l): l is LayerView => l?.id.startsWith('usr_') === true && l.submitted !== null)
      .sort((a, b) => (a.submitted?.at ?? 0) - (b.submitted?.at ?? 0) || (a.id < b.id ? -1 : 1)),
  );
  const computed = createComputed(detail, people);
  const tools = createRoomTools(props.open, room, {
    layer: () => 'consensus',
    editable: () => !busy() && !settled() && room.save.kind !== 'closed',
    onDone: () => void settle(),
    differs: (layer) => disputedRegions(layer, people()),
    shows: (id) => !hidden().has(id),
    jump: null,
  });
  const { stage, following, conversation } = tools;
  // A notification leads to a comment of this room, perhaps while it is open.
  createEffect(() => {
    const comment = search['comment'];
    if (typeof comment !== 'string') return;
    setReplaying(false);
    conversation.goTo(comment);
    setSearch({ comment: null }, { replace: true });
  });
  /** Who looks back is nowhere in the present. */
  function lookBack(): void {
    following.stop();
    session.presence().tell({ cursor: null, viewport: null, selection: [], busy: null });
    setReplaying(true);
  }

  function take(target: Parameters<typeof opsTo>[0], from: string): void {
    if (!stage.props.editable) return;
    const now = room.layers['consensus'] ?? emptyView('consensus');
    stage.props.dispatch(opsTo(target, now, newRegionId), `take-${newRegionId()}`);
    stage.props.onSelect(null);
    setBasedOn(from);
  }
  const takeFrom = (layer: LayerView) => take(annotationOfView(layer), layer.id);
  function takeComputed(): void {
    const found = computed();
    if (found === null || isEmpty(found.annotation))
      showToast('info', 'Nothing to take: the answers say nothing together. Start from a person’s answer.');
    else take(found.annotation, 'consensus');
  }

  async function settle(): Promise<void> {
    if (busy() || settled()) return;
    if (reason().trim() === '') {
      document.querySelector<HTMLElement>('[data-testid="decision-reason"]')?.focus();
      showToast('info', 'Say why, in a few words. It goes into the record.');
      return;
    }
    setBusy(true);
    try {
      const answer = await session.resolve(reason().trim(), basedOn(), performance.now() - startedAt);
      if (answer.ok === true) await goOn();
      else if (answer.ok === 'lost') showToast('error', 'Not connected. Try again in a moment.');
      else showToast('error', answer.problem.errors[0]?.message ?? answer.problem.detail);
    } catch (error) {
      showError(error);
    } finally {
      setBusy(false);
    }
  }
  /** To the dispute that waits longest; to the list when none does. */
  async function goOn(): Promise<void> {
    showToast('ok', 'Settled');
    const { items } = await call('disputes.list', { query: { limit: 2 } });
    const next = items.find((d) => d.taskId !== detail.task.id);
    await revalidate(readDisputes.key);
    navigate(next === undefined ? '/disputes' : `/review/${next.taskId}`);
  }
  function step(what: 'undo' | 'redo'): void {
    const said = stage.props.editable ? session[what]() : null;
    if (said !== null) showToast('info', said);
  }

  useKeys(
    (key, event) => {
      if (replaying()) {
        if (key !== 'escape') return false;
        setReplaying(false);
        return true;
      }
      const place = /^Digit([1-9])$/.exec(event.code)?.[1];
      if (place !== undefined && event.shiftKey && !event.ctrlKey && !event.altKey) {
        const chosen = people()[Number(place) - 1];
        if (chosen !== undefined) takeFrom(chosen);
        return chosen !== undefined;
      }
      if (key === 'ctrl+enter') void settle();
      else if (key === 'ctrl+z') step('undo');
      else if (key === 'ctrl+shift+z' || key === 'ctrl+y') step('redo');
      else if (key === '?') setHelp(true);
      else if (key === 'c') takeComputed();
      else return false;
      return true;
    },
    ['ctrl+enter'],
  );

  const live = () => (
    <div class="grid h-dvh grid-cols-1 grid-rows-[auto_auto_minmax(0,1fr)] bg-canvas text-ink">
      <ReviewBar
        detail={detail}
        room={room}
        canUndo={room.canUndo && stage.props.editable}
        canRedo={room.canRedo && stage.props.editable}
        onStep={step}
        following={following}
        lookingAt={tools.lookingAt}
        onHistory={lookBack}
        onHelp={() => setHelp(true)}
      />
      <div>
        <RoomNotices
          task={detail.task.id}
          session={session}
          room={room}
          submitted={false}
          settled={settled()}
          onNext={() => navigate('/disputes')}
          onWithdraw={() => {}}
        />
        <HandBar
          layers={room.layers}
          people={tools.people}
          onAnswer={conversation.address}
          onLower={(layer) => session.dispatch(layer, [{ t: 'hand', raised: false, text: '' }])}
        />
      </div>
      <div class="flex min-h-0 flex-col lg:flex-row">
        <main class="verbatim relative min-h-0 min-w-0 flex-1 bg-surface" data-testid="asset-text">
          <surface.Stage {...stage.props} />
          <FollowBar following={following} people={tools.people} />
        </main>
        <ReviewPanel
          detail={detail}
          room={room}
          surface={surface}
          stage={stage.props}
          people={people()}
          names={tools.people}
          conversation={conversation}
          computed={computed()}
          basedOn={basedOn()}
          hidden={hidden()}
          onToggle={(id) =>
            setHidden((old) => {
              const next = new Set(old);
              if (!next.delete(id)) next.add(id);
              return next;
            })
          }
          onTake={takeFrom}
          onTakeComputed={takeComputed}
          reason={reason()}
          onReason={setReason}
          busy={busy()}
          settled={settled()}
          onSettle={() => void settle()}
        />
      </div>
      <Show when={help()}>
        <KeysHelp open={help()} onClose={() => setHelp(false)} surface={surface} more={keys} />
      </Show>
    </div>
  );
  return (
    <Show when={replaying()} fallback={live()}>
      <Replay
        detail={detail}
        surface={surface}
        head={
          <>
            <Button size="sm" onClick={() => setReplaying(false)}>
              <ChevronLeft size={16} aria-hidden="true" />
              Back to the room
            </Button>
            <p class="min-w-0 truncate text-base font-semibold">History of task {detail.task.seq}</p>
          </>
        }
      />
    </Show>
  );
}

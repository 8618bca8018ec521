import type { ProjectSummary } from '@concord/core/protocol/resources';
import { useNavigate, useSearchParams } from '@solidjs/router';
import { createEffect, createSignal, onMount, Show } from 'solid-js';
import { call } from '../../api/index.ts';
import { useTopic } from '../../live/index.ts';
import { useKeys } from '../../modalities/keys.ts';
import { FollowBar } from '../../room/follow-bar.tsx';
import { createMyHand } from '../../room/hand.ts';
import { HandButton } from '../../room/hand-button.tsx';
import type { OpenTask } from '../../room/open-task.ts';
import { createRoomTools } from '../../room/room-tools.ts';
import { createRoomStore, emptyView } from '../../store/index.ts';
import { Button, Segments, showError, showToast } from '../../ui/index.ts';
import { ActionBar } from './action-bar.tsx';
import { KeysHelp } from './keys-help.tsx';
import { missingIn } from './missing.ts';
import { createPanelState } from './panel-state.ts';
import { RoomNotices } from './room-notices.tsx';
import { SidePanel } from './side-panel.tsx';
import { TopBar } from './top-bar.tsx';

/** One task on the bench: the stage, what is known and noted beside it, and the way to the next. */
export function Workplace(props: {
  open: OpenTask;
  previous: { readonly id: string; readonly seq: number } | null;
  onNext: (next?: Promise<OpenTask | null>) => void;
  /** Claims the task after this one and enters its room. */
  ahead: () => Promise<OpenTask | null>;
}) {
  const { detail, session, surface } = props.open;
  const room = createRoomStore(session);
  const panel = createPanelState();
  const [summary, setSummary] = createSignal<ProjectSummary>();
  const [busy, setBusy] = createSignal(false);
  const [help, setHelp] = createSignal(false);
  const startedAt = performance.now();
  const submitted = () => (room.own === null ? null : (room.layers[room.own]?.submitted ?? null));
  const settled = () => room.view?.state === 'finalized';
  const shownColumns = () =>
    (detail.project.shownColumns ?? [])
      .filter((name) => Object.hasOwn(detail.asset.meta, name))
      .map((name) => [name, detail.asset.meta[name]] as const);
  const editable = () => !busy() && !settled() && submitted() === null && room.save.kind !== 'closed';
  /** Where everybody sees everything, the agreed answer can be edited together. */
  const [together, setTogether] = createSignal(false);
  const [asking, setAsking] = createSignal(false);
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const tools = createRoomTools(props.open, room, {
    layer: () => (together() ? 'consensus' : room.own),
    editable: () => (together() ? !settled() && room.save.kind !== 'closed' : editable()),
    onDone: () => (editable() ? void submit() : props.onNext()),
    differs: () => new Set(),
    jump: null,
  });
  const { stage, people, following, conversation } = tools;
  const hand = createMyHand(session, room, people);
  // A notification leads to a comment of this room, perhaps while it is open.
  createEffect(() => {
    const comment = search['comment'];
    if (typeof comment !== 'string') return;
    conversation.goTo(comment);
    if (!panel.open()) panel.toggle();
    setSearch({ comment: null }, { replace: true });
  });

  onMount(() => {
    call('projects.get', { params: { project: detail.project.id } }).then(setSummary, () => {
      // Progress is a comfort; the work goes on without it.
    });
  });
  useTopic(
    () => `project:${detail.project.id}`,
    (update) => update.kind === 'project' && setSummary(update.project),
  );

  async function submit(): Promise<void> {
    if (!editable()) return;
    if (together()) {
      setTogether(false);
      return;
    }
    const own = {
      layer: room.layers[room.own ?? ''] ?? emptyView('consensus'),
      schema: detail.project.schema,
    };
    const missing = missingIn(own, surface);
    if (missing !== null) {
      document.querySelector<HTMLElement>(missing.focus)?.focus();
      showToast('info', missing.text);
      return;
    }
    setBusy(true);
    // The next task is claimed and entered while this one is being stored. Without a connection nothing comes next.
    const next = room.save.kind === 'offline' ? undefined : props.ahead();
    next?.catch(() => {});
    try {
      const outcome = await session.submit(performance.now() - startedAt);
      if (outcome.kind === 'submitted') {
        props.onNext(next);
        return;
      }
      showToast('error', outcome.problem.errors[0]?.message ?? outcome.problem.detail);
      void next?.then((open) => open?.session.close('give-back')).catch(() => {});
    } catch (error) {
      showError(error);
    } finally {
      setBusy(false);
    }
  }
  async function skip(reason: string): Promise<void> {
    const answer = await session.skip(reason);
    if (answer.ok === true) {
      props.onNext();
      showToast('info', `Task ${detail.task.seq} skipped`, {
        label: 'Undo',
        run: () => navigate(`/label/${detail.project.id}/${detail.task.id}`),
      });
    } else if (answer.ok === 'lost') showToast('error', 'Not connected, so the task was not given back.');
    else showToast('error', answer.problem.detail);
  }
  async function withdraw(): Promise<void> {
    const answer = await session.withdraw();
    if (answer.ok === 'lost') showToast('error', 'Not connected. Try again in a moment.');
    else if (answer.ok === false) showToast('error', answer.problem.detail);
  }
  function step(what: 'undo' | 'redo'): void {
    const said = editable() ? session[what]() : null;
    if (said !== null) showToast('info', said);
  }
  useKeys(
    (key) => {
      if (key === 'ctrl+enter') {
        if (editable()) void submit();
        else if (!busy()) props.onNext();
      } else if (key === 'ctrl+z') step('undo');
      else if (key === 'ctrl+shift+z' || key === 'ctrl+y') step('redo');
      else if (key === 'ctrl+space' && editable()) void skip('');
      else if (key === '?') setHelp(true);
      else if (key === 'g') panel.toggle();
      else if (key === 'h' && hand.possible()) setAsking(true);
      else return false;
      return true;
    },
    ['ctrl+enter'],
  );

  return (
    <div class="grid h-dvh grid-cols-1 grid-rows-[auto_auto_minmax(0,1fr)_auto] bg-canvas text-ink sm:grid-cols-[minmax(0,1fr)_auto] sm:grid-rows-[auto_auto_minmax(0,1fr)]">
      <TopBar
        detail={detail}
        room={room}
        summary={summary()}
        previous={props.previous}
        panelOpen={panel.open()}
        unread={conversation.unread()}
        following={following}
        lookingAt={tools.lookingAt}
        onPanel={panel.toggle}
        onHelp={() => setHelp(true)}
      />
      <ActionBar
        canUndo={room.canUndo && editable()}
        canRedo={room.canRedo && editable()}
        onStep={step}
        onSkip={editable() ? (reason) => void skip(reason) : undefined}
        help={<HandButton hand={hand} open={asking()} onOpen={setAsking} />}
      >
        <Show
          when={submitted() === null && !settled()}
          fallback={
            <Button kind="primary" onClick={() => props.onNext()} data-testid="next">
              Next task
            </Button>
          }
        >
          <Button
            kind="primary"
            class="max-sm:flex-1"
            busy={busy() && room.save.kind !== 'offline'}
            disabled={!editable()}
            onClick={() => void submit()}
            data-testid="submit"
          >
            {busy() ? 'Waits for the connection' : together() ? 'To my answer' : 'Submit'}
            <span class="hidden text-xs opacity-80 sm:inline">Ctrl ⏎</span>
          </Button>
        </Show>
      </ActionBar>
      <RoomNotices
        task={detail.task.id}
        session={session}
        room={room}
        submitted={submitted() !== null}
        settled={settled()}
        onNext={() => props.onNext()}
        onWithdraw={() => void withdraw()}
      />
      <div class="flex min-h-0 flex-col sm:col-span-2 lg:flex-row">
        <main
          class="verbatim relative flex min-h-0 min-w-0 flex-1 flex-col bg-surface"
          data-testid="asset-text"
        >
          <Show when={room.view?.visibility === 'open'}>
            <div class="flex items-center gap-3 border-b border-line bg-canvas px-4 py-1.5">
              <Segments
                label="What is edited"
                value={together() ? 'together' : 'mine'}
                choices={[
                  { value: 'mine', label: 'My answer' },
                  { value: 'together', label: 'Agreed answer' },
                ]}
                onChange={(what) => {
                  stage.props.onSelect(null);
                  setTogether(what === 'together');
                }}
              />
              <p class="truncate text-sm text-ink-3 max-sm:hidden">
                {together() ? 'Everybody here edits this one.' : 'The agreed answer is edited together.'}
              </p>
            </div>
          </Show>
          <div class="relative min-h-0 flex-1">
            <surface.Stage {...stage.props} />
            <FollowBar following={following} people={people} />
          </div>
        </main>
        <Show when={panel.open()}>
          <SidePanel
            stage={stage.props}
            surface={surface}
            people={people}
            conversation={conversation}
            guidelines={detail.project.guidelines}
            columns={shownColumns()}
            threshold={stage.threshold()}
            onThreshold={stage.setThreshold}
            suggestionCount={stage.suggestionCount()}
            rejectedCount={stage.rejectedCount()}
            onShowRejected={stage.showRejected}
            onClose={panel.toggle}
          />
        </Show>
      </div>
      <KeysHelp open={help()} onClose={() => setHelp(false)} surface={surface} />
    </div>
  );
}

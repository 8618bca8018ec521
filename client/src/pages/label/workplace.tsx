import type { ProjectSummary } from '@concord/core/protocol/resources';
import { createSignal, onMount, Show } from 'solid-js';
import { call } from '../../api/index.ts';
import { useTopic } from '../../live/index.ts';
import { useKeys } from '../../modalities/keys.ts';
import { createRoomStore } from '../../store/index.ts';
import { Button, showError, showToast } from '../../ui/index.ts';
import { ActionBar } from './action-bar.tsx';
import { KeysHelp } from './keys-help.tsx';
import { missingIn } from './missing.ts';
import type { OpenTask } from './open-task.ts';
import { createPanelState } from './panel-state.ts';
import { RoomNotices } from './room-notices.tsx';
import { SidePanel } from './side-panel.tsx';
import { createStageProps } from './stage-props.ts';
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
  const panel = createPanelState(detail.project.id);
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
  const stage = createStageProps(session, room, detail, surface, {
    layer: () => room.own,
    editable,
    onDone: () => (editable() ? void submit() : props.onNext()),
    differs: () => new Set(),
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
    const missing = missingIn(stage.props, surface);
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
  async function skip(): Promise<void> {
    const answer = await session.skip('');
    if (answer.ok === true) props.onNext();
    else if (answer.ok === 'lost') showToast('error', 'Not connected, so the task was not given back.');
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
      else if (key === 'ctrl+space' && editable()) void skip();
      else if (key === '?') setHelp(true);
      else if (key === 'g') panel.toggle();
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
        onPanel={panel.toggle}
        onHelp={() => setHelp(true)}
      />
      <ActionBar
        canUndo={room.canUndo && editable()}
        canRedo={room.canRedo && editable()}
        onStep={step}
        onSkip={editable() ? () => void skip() : undefined}
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
            {busy() ? 'Waits for the connection' : 'Submit'}
            <span class="hidden text-xs opacity-80 sm:inline">Ctrl ⏎</span>
          </Button>
        </Show>
      </ActionBar>
      <RoomNotices
        session={session}
        room={room}
        submitted={submitted() !== null}
        settled={settled()}
        onNext={() => props.onNext()}
        onWithdraw={() => void withdraw()}
      />
      <div class="flex min-h-0 flex-col sm:col-span-2 lg:flex-row">
        <main class="verbatim min-h-0 min-w-0 flex-1 bg-surface" data-testid="asset-text">
          <surface.Stage {...stage.props} />
        </main>
        <Show when={panel.open()}>
          <SidePanel
            stage={stage.props}
            surface={surface}
            room={room}
            guidelines={detail.project.guidelines}
            columns={shownColumns()}
            threshold={stage.threshold()}
            onThreshold={stage.setThreshold}
            suggestionCount={stage.suggestionCount()}
            onClose={panel.toggle}
          />
        </Show>
      </div>
      <KeysHelp open={help()} onClose={() => setHelp(false)} surface={surface} />
    </div>
  );
}

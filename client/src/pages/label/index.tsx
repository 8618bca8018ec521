import type { TaskDetail } from '@concord/core/protocol/resources';
import { A, useNavigate, useParams } from '@solidjs/router';
import { createResource, createSignal, Match, onCleanup, Show, Switch } from 'solid-js';
import { call, isApiError, messageOf } from '../../api/index.ts';
import { useTopic } from '../../live/index.ts';
import { useKeys } from '../../modalities/keys.ts';
import { surfaceOf } from '../../modalities/registry.ts';
import { type RoomSession, roomsClient } from '../../session/index.ts';
import { me } from '../../shell/session.ts';
import { createRoomStore } from '../../store/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { showError, showToast } from '../../ui/toast.tsx';
import { SaveBadge } from './save-badge.tsx';
import { SidePanel } from './side-panel.tsx';
import { createStageProps } from './stage-props.ts';

interface Opened {
  readonly detail: TaskDetail;
  readonly session: RoomSession;
}

/** Claims a task and enters its room. Null when the queue has nothing for this person. */
async function claim(project: string, not?: string): Promise<Opened | null> {
  try {
    const detail = await call('tasks.next', { params: { project }, body: not === undefined ? {} : { not } });
    const session = await roomsClient().open(detail.task.id, 'annotate', me());
    await session.joined;
    return { detail, session };
  } catch (error) {
    if (isApiError(error, 'queue.empty')) return null;
    throw error;
  }
}

/** One task after the other: label, submit, and the next one is there. */
export function LabelPage() {
  const params = useParams();
  const project = () => params['project']!;
  const [wish, setWish] = createSignal<{ not?: string }>({});
  const [opened, { mutate, refetch }] = createResource(wish, ({ not }) => claim(project(), not));
  void roomsClient().sendLeftovers(me());
  // An empty queue fills again by itself.
  useTopic(
    () => (opened.state === 'ready' && opened() === null ? `project:${project()}` : undefined),
    () => void refetch(),
  );
  onCleanup(() => opened.latest?.session.close('when-sent'));

  return (
    <Switch fallback={<div class="h-dvh" aria-busy="true" />}>
      <Match when={opened.error as unknown}>
        {(error) => (
          <EmptyState
            title="This could not be opened"
            action={<LinkButton href="/">Back to the projects</LinkButton>}
          >
            {messageOf(error())}
          </EmptyState>
        )}
      </Match>
      <Match when={opened.latest} keyed>
        {(here) => (
          <Workplace
            opened={here}
            onNext={(next) => {
              here.session.close('when-sent');
              if (next === undefined) setWish({ not: here.detail.task.id });
              else mutate(next);
            }}
            ahead={() => claim(project(), here.detail.task.id)}
          />
        )}
      </Match>
      <Match when={opened.state === 'ready'}>
        <EmptyState
          title="Nothing waits for you here"
          action={<LinkButton href={`/projects/${project()}`}>To the project</LinkButton>}
        >
          You have done every task that is open to you. This page goes on by itself when there is more.
        </EmptyState>
      </Match>
    </Switch>
  );
}

function Workplace(props: {
  opened: Opened;
  onNext: (next?: Opened | null) => void;
  ahead: () => Promise<Opened | null>;
}) {
  const { detail, session } = props.opened;
  const navigate = useNavigate();
  const room = createRoomStore(session);
  const [surface] = createResource(() => surfaceOf(detail.project.schema.modality));
  const [busy, setBusy] = createSignal(false);
  const startedAt = performance.now();
  const submitted = () => (room.own === null ? null : (room.layers[room.own]?.submitted ?? null));
  const editable = () =>
    room.view?.state !== 'finalized' && submitted() === null && room.save.kind !== 'closed';

  async function submit(): Promise<void> {
    if (busy() || !editable()) return;
    setBusy(true);
    try {
      // The next task is claimed while this one is being stored.
      const [outcome, next] = await Promise.all([
        session.submit(performance.now() - startedAt),
        props.ahead(),
      ]);
      if (outcome.kind === 'refused') {
        showToast('error', outcome.problem.errors[0]?.message ?? outcome.problem.detail);
        if (next !== null) next.session.close('when-sent');
        return;
      }
      props.onNext(next);
    } catch (error) {
      showError(error);
    } finally {
      setBusy(false);
    }
  }
  async function skip(): Promise<void> {
    const answer = await session.skip('');
    if (answer.ok === true) props.onNext();
    else showToast('error', 'The task was not given back. Try again when you are connected.');
  }
  function step(what: 'undo' | 'redo'): void {
    const said = session[what]();
    if (said !== null) showToast('info', said);
  }
  useKeys(
    (key) => {
      if (key === 'ctrl+enter') void submit();
      else if (key === 'ctrl+z') step('undo');
      else if (key === 'ctrl+shift+z' || key === 'ctrl+y') step('redo');
      else if (key === 'ctrl+space') void skip();
      else return false;
      return true;
    },
    ['ctrl+enter'],
  );

  return (
    <div class="flex h-dvh flex-col bg-canvas text-ink">
      <header class="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2">
        <A href={`/projects/${detail.project.id}`} class="min-w-0 truncate font-medium">
          {detail.project.name}
        </A>
        <span class="text-sm text-ink-3">Task {detail.task.seq}</span>
        <SaveBadge state={room.save} />
        <span class="text-sm text-ink-3" data-testid="here">
          {room.view?.here ?? 1} here{room.view?.blind ? ', working blind' : ''}
        </span>
        <span class="flex-1" />
        <Button size="sm" disabled={!room.canUndo} onClick={() => step('undo')} title="Ctrl+Z">
          Undo
        </Button>
        <Button size="sm" disabled={!room.canRedo} onClick={() => step('redo')} title="Ctrl+Shift+Z">
          Redo
        </Button>
        <Button size="sm" onClick={() => void skip()} title="Ctrl+Space">
          Skip
        </Button>
        <Button
          kind="primary"
          busy={busy()}
          disabled={!editable()}
          onClick={() => void submit()}
          data-testid="submit"
          title="Ctrl+Enter"
        >
          Submit
        </Button>
      </header>
      <Show when={room.view?.state === 'finalized'}>
        <p class="border-b border-line bg-sunken px-4 py-2 text-sm">
          This task is settled.{' '}
          <button type="button" class="text-accent-ink underline" onClick={() => props.onNext()}>
            Go on to the next
          </button>
        </p>
      </Show>
      <Show when={surface()} keyed>
        {(found) => {
          const made = createStageProps(
            session,
            room,
            { asset: detail.asset, schema: detail.project.schema },
            {
              layer: () => room.own,
              editable,
              armed: found.startsArmed,
              onDone: () => void submit(),
              differs: () => new Set(),
            },
          );
          return (
            <div class="flex min-h-0 flex-1 flex-col lg:flex-row">
              <main class="min-h-0 min-w-0 flex-1" data-testid="asset-text">
                <found.Stage {...made.props} />
              </main>
              <SidePanel
                stage={made.props}
                surface={found}
                schema={detail.project.schema}
                guidelines={detail.project.guidelines}
                threshold={made.threshold()}
                onThreshold={made.setThreshold}
              />
            </div>
          );
        }}
      </Show>
      <Show when={surface.error as unknown}>
        {(error) => (
          <EmptyState
            title="This kind of work cannot be shown"
            action={<Button onClick={() => navigate(0 as never)}>Reload</Button>}
          >
            {messageOf(error())}
          </EmptyState>
        )}
      </Show>
    </div>
  );
}

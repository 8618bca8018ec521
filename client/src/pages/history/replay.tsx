import type { TaskDetail } from '@concord/core/protocol/resources';
import type { LayerId } from '@concord/core/records/ids';
import type { LogEntry } from '@concord/core/rooms/op';
import { createPlayer } from '@concord/core/rooms/player';
import { actorOf, sayEntry } from '@concord/core/rooms/say-entry';
import Lock from 'lucide-solid/icons/lock';
import RefreshCw from 'lucide-solid/icons/refresh-cw';
import { createMemo, createResource, createSignal, For, type JSX, Show, Suspense } from 'solid-js';
import { call, isApiError, messageOf } from '../../api/index.ts';
import { cx } from '../../lib/class-names.ts';
import { plural } from '../../lib/format.ts';
import { useKeys } from '../../modalities/keys.ts';
import { classTitle, type Surface } from '../../modalities/surface.ts';
import { createPeopleBook } from '../../room/people-book.ts';
import type { LayerView } from '../../store/index.ts';
import { Avatar, EmptyState, ErrorState, IconButton, Skeleton } from '../../ui/index.ts';
import { EntryList } from './entry-list.tsx';
import { markBeside, marksOf } from './marks.ts';
import { createPlayback } from './playback.ts';
import { PlayerBar } from './player-bar.tsx';
import { createReplayStage } from './replay-stage.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** A task's room as it was at any moment: the same stage, a slider over the log, and who did what. Changes nothing. */
export function Replay(props: { detail: TaskDetail; surface: Surface; head: JSX.Element }) {
  const [log, { refetch }] = createResource(async () => {
    const answer = await call('tasks.history', { params: { task: props.detail.task.id } });
    return answer.entries as LogEntry[];
  });
  return (
    <div
      class="grid h-dvh grid-cols-1 grid-rows-[auto_minmax(0,1fr)] bg-canvas text-ink"
      data-testid="history"
    >
      <header class="flex min-w-0 items-center gap-x-3 border-b border-line py-1.5 pr-2 pl-1 sm:pl-2">
        {props.head}
        <span class="flex-1" />
        {/* By its state: reading the log itself would make the head wait, and fail, with it. */}
        <Show when={log.state === 'ready'}>
          <IconButton size="sm" label="Read it again, with what came since" onClick={() => void refetch()}>
            <RefreshCw size={15} aria-hidden="true" />
          </IconButton>
        </Show>
      </header>
      <Suspense fallback={<Skeleton class="m-6 h-40" />}>
        <Show
          when={log.error}
          fallback={
            <Show when={log()} keyed>
              {(entries) => <Film detail={props.detail} surface={props.surface} entries={entries} />}
            </Show>
          }
        >
          <Show
            when={isApiError(log.error, 'auth.forbidden')}
            fallback={<ErrorState error={log.error} retry={() => void refetch()} />}
          >
            <EmptyState
              icon={<Lock size={20} aria-hidden="true" />}
              title="This room’s history is not open to you now"
            >
              {messageOf(log.error)}
            </EmptyState>
          </Show>
        </Show>
      </Suspense>
    </div>
  );
}

function Film(props: { detail: TaskDetail; surface: Surface; entries: readonly LogEntry[] }) {
  const player = createPlayer(props.entries);
  const playback = createPlayback(() => player.length);
  const state = createMemo(() => player.at(playback.seq()));
  const marks = marksOf(props.entries);
  const named = [...new Set(props.entries.flatMap((entry) => [actorOf(entry), entry.layer]))];
  const people = createPeopleBook(props.detail.task.id, () => named);
  const [hidden, setHidden] = createSignal<ReadonlySet<LayerId>>(new Set());
  const stage = createReplayStage(props.detail, people, state, hidden);
  const say = (entry: LogEntry) => sayEntry(entry, (name) => classTitle(props.detail.project.schema, name));
  const shown = () => props.entries[playback.seq() - 1];

  useKeys(
    (key) => {
      const at = playback.seq();
      if (key === 'arrowleft') playback.goTo(at - 1);
      else if (key === 'arrowright') playback.goTo(at + 1);
      else if (key === 'home') playback.goTo(0);
      else if (key === 'end') playback.goTo(player.length);
      else if (key === 'space') playback.toggle();
      else if (key === '[' || key === ']') {
        const to = markBeside(marks, at, key === ']' ? 'next' : 'previous');
        if (to !== null) playback.goTo(to);
      } else return false;
      return true;
    },
    [],
    'first',
  );
  function toggle(id: LayerId): void {
    const next = new Set(hidden());
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  }
  const layers = () =>
    Object.values(stage.layers)
      .filter((layer): layer is LayerView => layer !== undefined)
      .sort((a, b) => (a.id < b.id ? -1 : 1));

  return (
    <div class="grid min-h-0 grid-cols-1 grid-rows-[minmax(0,1fr)_auto]">
      <div class="flex min-h-0 flex-col lg:flex-row">
        <main class="verbatim min-h-0 min-w-0 flex-1 bg-surface" data-testid="history-stage">
          <props.surface.Stage {...stage.props} />
        </main>
        <aside
          class="flex h-[38dvh] w-full flex-col border-line bg-canvas max-lg:border-t lg:h-auto lg:w-96 lg:border-l"
          aria-label="Who did what when"
        >
          <ul
            class="flex flex-wrap gap-1.5 border-b border-line px-3 py-2"
            aria-label="Layers at this moment"
          >
            <For each={layers()} fallback={<li class="text-sm text-ink-3">Nothing has happened yet.</li>}>
              {(layer) => (
                <li>
                  <button
                    type="button"
                    aria-pressed={!hidden().has(layer.id)}
                    title={`${hidden().has(layer.id) ? 'Show' : 'Hide'} on the stage`}
                    class={cx(
                      'inline-flex items-center gap-1.5 rounded-full border border-line bg-surface py-0.5 pr-2.5 pl-0.5 text-xs hover:bg-hover pointer-coarse:py-1.5',
                      hidden().has(layer.id) && 'opacity-45',
                    )}
                    onClick={() => toggle(layer.id)}
                  >
                    <Show
                      when={layer.id.startsWith('usr_')}
                      fallback={
                        <span
                          class="ml-1.5 size-3 rounded-[3px]"
                          style={{ background: people.colorOf(layer.id) }}
                          aria-hidden="true"
                        />
                      }
                    >
                      <Avatar
                        user={{ display: people.displayOf(layer.id), color: people.colorOf(layer.id) }}
                        size={20}
                      />
                    </Show>
                    {people.displayOf(layer.id)}
                    <span class="text-ink-3">{says(layer)}</span>
                  </button>
                </li>
              )}
            </For>
          </ul>
          <EntryList
            entries={props.entries}
            seq={playback.seq()}
            who={(entry) => ({
              name: people.displayOf(actorOf(entry)),
              color: people.colorOf(actorOf(entry)),
            })}
            say={say}
            when={(entry) => clock.format(entry.at)}
            onGoTo={playback.goTo}
          />
        </aside>
      </div>
      <PlayerBar
        playback={playback}
        length={player.length}
        marks={marks}
        when={shown() === undefined ? '' : day.format(shown()!.at)}
      />
    </div>
  );

  function says(layer: LayerView): string {
    const answer = props.surface.answerKey === undefined ? undefined : layer.answers[props.surface.answerKey];
    const content =
      typeof answer === 'string'
        ? classTitle(props.detail.project.schema, answer)
        : props.surface.regions
          ? plural(layer.regions.length, 'region')
          : '';
    return [content, layer.submitted === null ? '' : 'submitted'].filter(Boolean).join(', ');
  }
}

import { ConcordError } from '@concord/core/errors/concord-error';
import type { RoomPerson } from '@concord/core/protocol/resources';
import { annotationOf } from '@concord/core/rooms/layer';
import type { LogEntry } from '@concord/core/rooms/op';
import { createPlayer } from '@concord/core/rooms/player';
import { actorOf, sayEntry } from '@concord/core/rooms/say-entry';
import type { LayerState, RoomState } from '@concord/core/rooms/state';
import type { Command } from 'commander';
import { type ConnectionOptions, connect, withConnection } from '../connection.ts';
import { table } from '../output.ts';

interface ReplayOptions extends ConnectionOptions {
  readonly at?: string;
  readonly last: string;
}

export function replayCommand(program: Command): void {
  withConnection(program.command('replay'))
    .argument('<task>')
    .option(
      '--at <seq>',
      'after this entry of the room’s log; 0 is before the first; the newest when left out',
    )
    .option('--last <n>', 'how many entries to list for people', '20')
    .description('a task’s room as it was: what had happened up to an entry, and what every layer said then')
    .action(async (task: string, options: ReplayOptions) => {
      const { api, output } = connect(options);
      const id = encodeURIComponent(task);
      const { entries } = await api.get<{ entries: LogEntry[] }>(`/tasks/${id}/history`);
      const seq = placeIn(entries.length, options.at);
      const state = createPlayer(entries).at(seq);
      const past = entries.slice(0, seq);
      if (output.json) {
        output.result({ task, seq, length: entries.length, entries: past, state }, '');
        return;
      }
      const { items } = await api.get<{ items: RoomPerson[] }>(`/tasks/${id}/people`);
      const names = new Map(items.map((person) => [person.id as string, person.display]));
      const nameOf = (who: string) => names.get(who) ?? (who === 'server' ? 'Concord' : who);
      output.result(
        null,
        inWords(past.slice(-Math.max(0, Number(options.last) || 0)), state, entries.length, nameOf),
      );
    });
}

/** Throws `input.invalid` for a place the log does not have. */
function placeIn(length: number, at: string | undefined): number {
  const seq = at === undefined ? length : Number(at);
  if (Number.isInteger(seq) && seq >= 0 && seq <= length) return seq;
  throw new ConcordError('input.invalid', `The room’s log has no entry ${at}.`, [
    {
      path: 'at',
      message: 'is not in the log',
      value: at,
      remedy: `Give a whole number from 0 to ${length}.`,
    },
  ]);
}

function inWords(
  shown: readonly LogEntry[],
  state: RoomState,
  length: number,
  nameOf: (id: string) => string,
): string {
  const rows = shown.map((entry) => [
    entry.seq,
    new Date(entry.at).toISOString(),
    nameOf(entry.layer),
    nameOf(actorOf(entry)),
    sayEntry(entry, (name) => name),
  ]);
  const layers = Object.values(state.layers)
    .filter((layer): layer is LayerState => layer !== undefined)
    .map((layer) => [nameOf(layer.layer), ...layerInWords(layer)]);
  return [
    `Entry ${state.seq} of ${length}`,
    table(['entry', 'at', 'layer', 'who', 'what'], rows),
    '',
    table(['layer', 'state', 'answers', 'regions', 'comments'], layers),
  ].join('\n');
}

function layerInWords(layer: LayerState): string[] {
  const { regions, answers } = annotationOf(layer);
  const state = layer.submitted === null ? 'draft' : layer.submitted.blind ? 'submitted, blind' : 'submitted';
  return [
    layer.hand === null ? state : `${state}, hand raised`,
    Object.entries(answers)
      .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' '),
    regions.map((r) => `${r.label} ${JSON.stringify(r.shape)}`).join(' '),
    String(layer.comments.length),
  ];
}

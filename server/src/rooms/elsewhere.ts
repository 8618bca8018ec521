import type { RoomMember, ServerToRoom } from '@concord/core/protocol/rooms';
import type { NodeId, TaskId } from '@concord/core/records/ids';
import type { LogEntry } from '@concord/core/rooms/op';
import { wireJson } from '@concord/core/rooms/wire';
import type { Nodes } from '../cluster/index.ts';
import type { Platform } from '../platform.ts';
import type { ToldPresence } from './occupants.ts';

/** Longer appends are named only; who needs them reads the log. In characters of JSON. */
const LARGE = 64 * 1024;
/** So many looks in a row must say that a node is gone. */
const DOUBTS = 2;
/** Nodes that share a room say every so many looks who is there and how far its log goes, should a word have got lost. */
const SAY_EVERY_LOOKS = 10;

export type Person = Pick<RoomMember, 'user' | 'mode'>;
type Suggestions = Parameters<ServerToRoom['room:suggestions']>[0];

/** What the nodes that have people in a room tell each other. */
type News =
  | { readonly kind: 'log'; readonly from: number; readonly entries: readonly Omit<LogEntry, 'seq'>[] | null }
  | {
      readonly kind: 'here';
      readonly node: NodeId;
      readonly people: readonly Person[];
      /** How much of the log this node knows. */
      readonly seq: number;
      /** Who hears it says so too. */
      readonly ask: boolean;
    }
  | { readonly kind: 'suggestions'; readonly message: Suggestions }
  | { readonly kind: 'presence'; readonly people: readonly ToldPresence[] };

export interface ElsewhereParts {
  readonly here: () => readonly Person[];
  readonly seq: () => number;
  /** Entries that another node appended; null when they are in the log and were not sent along. */
  readonly onLog: (entries: readonly LogEntry[] | null) => void;
  readonly onPeople: () => void;
  readonly onSuggestions: (message: Suggestions) => void;
  readonly onPresence: (people: readonly ToldPresence[]) => void;
}

/** The same room on other nodes: who is there, and what is told to and fro. Messages may be lost; the log has everything. */
export interface Elsewhere {
  people(): readonly Person[];
  /** Whether another node has people in this room. */
  isShared(): boolean;
  /** Listens from the first who comes to the last who goes. */
  attend(): void;
  quit(): void;
  /** Who is here changed. */
  tellPeople(): void;
  tellLog(from: number, entries: readonly LogEntry[]): void;
  tellSuggestions(message: Suggestions): void;
  tellPresence(people: readonly ToldPresence[]): void;
}

export function createElsewhere(
  task: TaskId,
  { fanout }: Pick<Platform, 'fanout'>,
  nodes: Nodes,
  parts: ElsewhereParts,
): Elsewhere {
  const channel = `room:${task}`;
  const rosters = new Map<NodeId, { readonly people: readonly Person[]; doubts: number }>();
  /** Whether everybody who has people in the room is known here. */
  let tuned = false;
  let looks = 0;
  let stop: (() => void) | null = null;

  function hear(message: string): void {
    const news = JSON.parse(message) as News;
    if (news.kind === 'log')
      parts.onLog(news.entries?.map((entry, i) => ({ ...entry, seq: news.from + 1 + i })) ?? null);
    else if (news.kind === 'here') meet(news);
    else if (news.kind === 'suggestions') parts.onSuggestions(news.message);
    else if (news.kind === 'presence') parts.onPresence(news.people);
  }

  function meet({ node, people, seq, ask }: Extract<News, { kind: 'here' }>): void {
    const before = JSON.stringify(rosters.get(node)?.people ?? []);
    if (people.length > 0) rosters.set(node, { people, doubts: 0 });
    else rosters.delete(node);
    if (ask) sayHere(false);
    if (seq > parts.seq()) parts.onLog(null);
    if (JSON.stringify(people) !== before) parts.onPeople();
  }

  function say(news: News): void {
    fanout.publish(channel, JSON.stringify(news));
  }
  const sayHere = (ask: boolean) =>
    say({ kind: 'here', node: nodes.self.id, people: parts.here(), seq: parts.seq(), ask });

  /** Whether anybody may be listening: while this node does not, it cannot know. */
  const heard = () => nodes.shared && (!tuned || rosters.size > 0);

  function look(): void {
    looks += 1;
    if (looks % SAY_EVERY_LOOKS === 0 && rosters.size > 0) sayHere(false);
    let forgot = false;
    for (const [node, roster] of rosters) {
      roster.doubts = nodes.isGone(node) ? roster.doubts + 1 : 0;
      // A node may be heard before it is seen.
      if (roster.doubts >= DOUBTS) forgot = rosters.delete(node);
    }
    if (forgot) parts.onPeople();
  }

  return {
    people: () => [...rosters.values()].flatMap(({ people }) => people),
    isShared: () => rosters.size > 0,
    attend() {
      if (stop !== null || !nodes.shared) return;
      const leave = fanout.subscribe(channel, hear, () => {
        tuned = true;
        sayHere(true);
        parts.onLog(null);
      });
      const ignore = nodes.onLook(look);
      stop = () => {
        leave();
        ignore();
      };
    },
    quit() {
      if (stop === null) return;
      stop();
      stop = null;
      tuned = false;
      rosters.clear();
    },
    tellPeople() {
      if (stop !== null && heard()) sayHere(false);
    },
    tellLog(from, entries) {
      if (!heard()) return;
      const wire = `[${entries.map(wireJson).join(',')}]`;
      fanout.publish(
        channel,
        `{"kind":"log","from":${from},"entries":${wire.length > LARGE ? 'null' : wire}}`,
      );
    },
    tellSuggestions(message) {
      if (heard()) say({ kind: 'suggestions', message });
    },
    tellPresence(people) {
      if (stop !== null && heard()) say({ kind: 'presence', people });
    },
  };
}

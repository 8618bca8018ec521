import { ConcordError } from '@concord/core/errors/concord-error';
import type { Modality } from '@concord/core/modalities/modality';
import type { SuggestionInput } from '@concord/core/protocol/resources';
import type { TaskId } from '@concord/core/records/ids';
import type { Model } from '@concord/core/records/model';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { sameJson } from '@concord/core/rooms/same-json';
import { claimOf } from '@concord/core/workflow/queue';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import type { Rooms } from '../rooms/index.ts';
import { contentHash, idsOf, type NewAsset, type Tasks } from '../tasks/index.ts';
import { type Item, says } from './item.ts';
import { type ImportedModels, suggestionOf } from './predictions.ts';
import type { Report } from './report.ts';
import { type Cast, SETTLED_REASON, settleNew } from './settle-new.ts';

/** Tasks that are here already whose rooms are entered at once. */
const ROOMS_AT_ONCE = 32;
/** Suggestions handed over at once. */
const SUGGESTED_AT_ONCE = 200;

export interface WriterParts {
  readonly tasks: Tasks;
  readonly people: People;
  readonly rooms: Rooms;
  readonly models: ImportedModels;
  /** Events were written to the outbox. */
  readonly poke: () => void;
}

interface Known {
  readonly item: Item;
  readonly task: Task;
}

/** Writes the items of one import: new ones with their labels as one unit, to known ones what they don't have yet. */
export type WriteItems = (items: readonly Item[]) => Promise<void>;

export function createWriteItems(
  platform: Platform,
  parts: WriterParts,
  project: Project,
  modality: Modality,
  report: Report,
): WriteItems {
  const { store } = platform;
  const { job } = report;
  const authors = new Map<string, User>();
  const models = new Map<string, Model>();
  const cast: Cast = { authors, models };

  async function meet(items: readonly Item[]): Promise<void> {
    for (const { labels, predictions } of items) {
      for (const { by } of labels)
        if (!authors.has(by)) authors.set(by, await parts.people.importAccount(by, job.createdBy));
      for (const { model } of predictions)
        if (!models.has(model)) models.set(model, await parts.models.model(project.id, model, job.createdBy));
    }
  }

  function leftOut(item: Item, path: string, message: string): void {
    report.refuse({ ...item.at, path, message, remedy: 'The item itself is in.' });
  }

  /** Puts the predictions of open tasks on their layers; answers with the items that said something new. */
  async function suggest(open: readonly { item: Item; taskId: TaskId }[]): Promise<Item[]> {
    const byModel = new Map<string, { item: Item; input: SuggestionInput }[]>();
    for (const { item, taskId } of open)
      for (const prediction of item.predictions) {
        const list = byModel.get(prediction.model) ?? [];
        if (list.length === 0) byModel.set(prediction.model, list);
        list.push({ item, input: suggestionOf(taskId, prediction) });
      }
    const gained: Item[] = [];
    for (const [name, list] of byModel) {
      for (let from = 0; from < list.length; from += SUGGESTED_AT_ONCE) {
        const some = list.slice(from, from + SUGGESTED_AT_ONCE);
        const { stored, refused } = await parts.models.suggest(
          models.get(name)!,
          some.map(({ input }) => input),
        );
        const itemOf = new Map(some.map(({ item, input }) => [input.taskId, item]));
        gained.push(...stored.flatMap((task) => itemOf.get(task) ?? []));
        for (const { task, why } of refused) {
          const item = itemOf.get(task);
          if (item !== undefined)
            leftOut(item, 'predictions', `the prediction of ${name} was not taken: ${why}`);
        }
      }
    }
    return gained;
  }

  /** Brings labels to a task that is here and not settled; whether there was anything new. */
  async function bring({ item, task }: Known): Promise<boolean> {
    const labels = item.labels.map(({ by, annotation, leadTimeMs }) => ({
      userId: authors.get(by)!.id,
      annotation,
      leadTimeMs,
    }));
    const missing = labels.filter(({ userId }) => claimOf(task, userId)?.state !== 'submitted');
    if (missing.length === 0 && item.settled === null) return false;
    try {
      const settled = item.settled === null ? null : { answer: item.settled, reason: SETTLED_REASON };
      return (await parts.rooms.bring(task.id, { labels, settled })).taken > 0;
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      leftOut(item, 'annotations', `${counted(missing.length)} not taken: ${error.message}`);
      return false;
    }
  }

  /** Says what a settled task does not take any more; what it has already goes without a word. */
  async function compare({ item, task }: Known): Promise<void> {
    const missing = item.labels.filter(({ by }) => claimOf(task, authors.get(by)!.id)?.state !== 'submitted');
    const settled = 'this item is settled already; a super-reviewer can open it again.';
    if (missing.length > 0) leftOut(item, 'annotations', `${counted(missing.length)} not taken: ${settled}`);
    if (item.settled === null && item.predictions.length === 0) return;
    const answer = (await store.get('finalizations', `${task.id}:${task.revision}`))?.record;
    if (item.settled !== null && !sameJson(answer?.answer, item.settled))
      leftOut(item, 'annotations', `the ground truth was not taken: ${settled}`);
    const there = new Set(answer?.suggestions.map(({ modelId }) => modelId));
    for (const { model } of item.predictions)
      if (!there.has(models.get(model)!.id))
        leftOut(item, 'predictions', `the prediction of ${model} was not taken: ${settled}`);
  }

  async function atOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    for (let from = 0; from < all.length; from += ROOMS_AT_ONCE)
      await Promise.all(all.slice(from, from + ROOMS_AT_ONCE).map(work));
  }

  /** The tasks of items that are here already, as they are now. */
  async function knownOf(items: readonly { item: Item; taskId: TaskId }[]): Promise<Known[]> {
    const stored = await store.getMany(
      'tasks',
      items.map(({ taskId }) => taskId),
    );
    const tasks = new Map(stored.map(({ record }) => [record.id, record]));
    return items.flatMap(({ item, taskId }) => {
      const task = tasks.get(taskId);
      return task === undefined ? [] : [{ item, task }];
    });
  }

  return async (items) => {
    await meet(items);
    const news: { item: Item; asset: NewAsset }[] = [];
    const there: { item: Item; taskId: TaskId }[] = [];
    for (const item of items)
      if ('asset' in item.of) news.push({ item, asset: item.of.asset });
      else there.push({ item, taskId: item.of.taskId });
    const labelled = news.some(({ item }) => item.labels.length > 0 || item.settled !== null);
    const { fresh, duplicates } = await parts.tasks.add(
      project.id,
      news.map(({ asset }) => asset),
      labelled
        ? {
            together: settleNew(
              platform,
              project,
              modality,
              news.map(({ item }) => item),
              cast,
            ),
          }
        : {},
    );
    for (const index of duplicates) {
      const { item, asset } = news[index]!;
      there.push({ item, taskId: idsOf(project.id, contentHash(asset)).taskId });
    }
    job.added += fresh.length;
    job.duplicates += duplicates.length;

    const gained = new Set<Item>();
    const open: { item: Item; taskId: TaskId }[] = [];
    for (const { task, index } of fresh) {
      const { item } = news[index]!;
      // What models said of an item that its labels settled at once stands in its record.
      if (item.labels.length > 0 || item.settled !== null) gained.add(item);
      if (task.state !== 'finalized') open.push({ item, taskId: task.id });
    }
    const known = await knownOf(there.filter(({ item }) => says(item)));
    const unsettled = known.filter(({ task }) => task.state !== 'finalized');
    open.push(...unsettled.map(({ item, task }) => ({ item, taskId: task.id })));
    // Before the labels: those may settle the task.
    for (const item of await suggest(open)) gained.add(item);
    await atOnce(unsettled, async (one) => {
      if (await bring(one)) gained.add(one.item);
    });
    await atOnce(
      known.filter(({ task }) => task.state === 'finalized'),
      compare,
    );
    job.labelled += gained.size;
    if (gained.size > 0) parts.poke();
  };
}

const counted = (n: number): string => (n === 1 ? 'a label was' : `${n} labels were`);

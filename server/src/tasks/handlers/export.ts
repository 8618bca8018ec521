import type { Modality } from '@concord/core/modalities/modality';
import type { Asset } from '@concord/core/records/asset';
import { EXPOSED_FOR_MS, exposureId } from '@concord/core/records/exposure';
import type { ProjectId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { claimOf } from '@concord/core/workflow/queue';
import type { Store } from '@concord/platform/ports/store';
import { factsOf } from '../../finalize/settle-item.ts';
import { Answer, type Handlers } from '../../gateway/http/handler.ts';
import type { Platform } from '../../platform.ts';
import { modalityOf } from '../../projects/index.ts';
import type { TaskParts } from './work.ts';

const PAGE = 1000;
/** What goes out at once, in characters. */
const PIECE = 256 * 1024;

interface Row {
  readonly task: Task;
  readonly asset: Asset;
  readonly submissions: readonly Submission[];
}

/** Records of one project in order of their numbers, page after page; no more than a page is held. */
async function* inOrder<C extends 'assets' | 'tasks' | 'submissions'>(
  store: Store,
  collection: C,
  projectId: ProjectId,
) {
  let after: string | undefined;
  do {
    const page = await store.page(collection, {
      index: (collection === 'submissions' ? 'task' : 'seq') as never,
      where: { projectId },
      after,
      limit: PAGE,
    });
    for (const { record } of page.items) yield record;
    after = page.next ?? undefined;
    // Between pages others get their turn.
    await new Promise((done) => setImmediate(done));
  } while (after !== undefined);
}

/** Tasks with their assets and standing submissions: three streams in the same order, joined as they pass. */
async function* rows(store: Store, projectId: ProjectId): AsyncGenerator<Row> {
  const assets = inOrder(store, 'assets', projectId);
  const submissions = inOrder(store, 'submissions', projectId);
  let asset = await assets.next();
  let submission = await submissions.next();
  for await (const task of inOrder(store, 'tasks', projectId)) {
    while (!asset.done && asset.value.seq < task.seq) asset = await assets.next();
    const own: Submission[] = [];
    while (!submission.done && submission.value.taskSeq <= task.seq) {
      if (submission.value.taskSeq === task.seq && submission.value.state === 'standing')
        own.push(submission.value);
      submission = await submissions.next();
    }
    if (!asset.done && asset.value.seq === task.seq) yield { task, asset: asset.value, submissions: own };
  }
}

type Render = (row: Row) => string;

function render(
  format: 'json' | 'jsonl' | 'label-studio',
  modality: Modality,
  nameOf: (id: string) => string,
  numberOf: (id: string) => number,
): Render {
  if (format === 'label-studio') {
    return ({ task, asset, submissions }) => {
      const facts = factsOf(asset);
      return JSON.stringify({
        id: task.seq,
        data:
          asset.blob === undefined
            ? asset.data
            : { ...asset.data, image: `/api/v1/assets/${asset.id}/content` },
        meta: { ...asset.meta, concord_task: task.id, concord_state: task.state },
        annotations: submissions.map((s) => ({
          id: `${task.seq}-${numberOf(s.userId)}`,
          unique_id: s.id,
          completed_by: numberOf(s.userId),
          result: modality.toLabelStudio(s.annotation, facts),
          was_cancelled: false,
          ground_truth: false,
          created_at: new Date(s.at).toISOString(),
          lead_time: s.leadTimeMs / 1000,
        })),
        predictions: [],
      });
    };
  }
  return ({ task, asset, submissions }) =>
    JSON.stringify({
      task: task.id,
      number: task.seq,
      state: task.state,
      answer: task.answer,
      agreement: task.agreement,
      confidence: task.confidence,
      asset: {
        hash: asset.hash,
        data: asset.data,
        ...(asset.blob === undefined ? {} : { file: asset.blob }),
        meta: asset.meta,
      },
      submissions: submissions.map(({ id, userId, annotation, blind, blindAnswer, leadTimeMs, at }) => ({
        id,
        by: nameOf(userId),
        annotation,
        blind,
        blindAnswer,
        leadTimeMs,
        at,
      })),
    });
}

/**
 * All tasks of a project with everybody's standing submissions, settled or not, streamed. That somebody was given them is noted
 * before they are: a task's log says so once they come to label it [RM17].
 */
export function exportHandlers(
  platform: Platform,
  { projects, people, rooms }: Pick<TaskParts, 'projects' | 'people' | 'rooms'>,
): Pick<Handlers, 'exports.tasks'> {
  async function* write(
    project: Project,
    format: 'json' | 'jsonl' | 'label-studio',
    user: User,
  ): AsyncGenerator<string> {
    const names = new Map<string, string>();
    const numbers = new Map<string, number>();
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      const page = await people.listUsers(after, 500);
      for (const { record } of page.items) names.set(record.id, record.name);
      after = page.next ?? undefined;
    }
    const numberOf = (id: string) => {
      const known = numbers.get(id) ?? numbers.size + 1;
      numbers.set(id, known);
      return known;
    };
    const line = render(
      format,
      modalityOf(platform.modalities, project.schema),
      (id) => names.get(id) ?? id,
      numberOf,
    );
    const list = format !== 'jsonl';
    let piece = list ? '[' : '';
    let first = true;
    let notedAt = Number.NEGATIVE_INFINITY;
    /** Before anything is given, and again while it goes on. */
    const note = async () => {
      const at = platform.clock.now();
      if (at - notedAt < EXPOSED_FOR_MS / 2) return;
      const record = { id: exposureId(project.id, user.id), projectId: project.id, userId: user.id, at };
      await platform.store.commit({ writes: [{ put: 'exposures', record, expect: 'any' }] });
      notedAt = at;
    };
    await note();
    for await (const row of rows(platform.store, project.id)) {
      const { task, submissions } = row;
      // Who is at work on it does not come to it anew, so that its log is told now.
      const working = task.revision === 0 && claimOf(task, user.id)?.state === 'active';
      if (working && submissions.some((s) => s.userId !== user.id)) await rooms.expose(user, task.id);
      piece += list ? `${first ? '\n' : ',\n'}${line(row)}` : `${line(row)}\n`;
      first = false;
      if (piece.length > PIECE) {
        await note();
        yield piece;
        piece = '';
      }
    }
    yield list ? `${piece}\n]\n` : piece;
  }
  return {
    'exports.tasks': async ({ user, params, query }) => {
      const { record: project } = await projects.get(params.project as ProjectId);
      const file = `${project.name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase() || 'project'}.${query.format === 'jsonl' ? 'jsonl' : 'json'}`;
      return new Answer({
        stream: write(project, query.format, user),
        headers: {
          'content-type': query.format === 'jsonl' ? 'application/x-ndjson' : 'application/json',
          'content-disposition': `attachment; filename="${file}"`,
        },
      });
    },
  };
}

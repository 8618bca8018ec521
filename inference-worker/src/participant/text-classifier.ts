import type { Finalization } from '@concord/core/records/finalization';
import type { ModelId, TaskId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Logger } from '@concord/platform/observability/logger';
import { createClassifier } from '../classifier/classifier.ts';
import { crossValidated, type Example, train } from '../classifier/logistic-regression.ts';
import { writeOnnx } from '../classifier/onnx-file.ts';
import type { Api } from './api.ts';
import type { Suggester, SuggesterKind } from './suggester.ts';

const NAME = 'text-classifier';
/** Newest finalized items that one training looks at. */
const MOST_EXAMPLES = 5000;

/** Trains on the finalized items of a project, again after every `retrainEvery` new ones; keeps the model file in Concord. */
export function textClassifierKind(api: Api, logger: Logger): SuggesterKind {
  /** How much was finalized when there was too little to learn from: it is looked at again after as many more. */
  const tooFew = new Map<string, number>();

  async function examples(project: Project): Promise<Example[]> {
    const byTask = new Map<string, Example & { revision: number }>();
    let after: string | undefined;
    do {
      const page = await api.call('finalizations.list', {
        params: { project: project.id },
        query: { limit: 500, assets: true, after },
      });
      for (const item of page.items as (Finalization & { asset?: { data?: { text?: unknown } } })[]) {
        const label = item.answer.answers['label'];
        const text = item.asset?.data?.text;
        if (typeof label !== 'string' || typeof text !== 'string') continue;
        if ((byTask.get(item.taskId)?.revision ?? 0) >= item.revision) continue;
        byTask.delete(item.taskId);
        byTask.set(item.taskId, { text, label, revision: item.revision });
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
    return [...byTask.values()].slice(-MOST_EXAMPLES);
  }

  async function open(model: Suggester['model']): Promise<Suggester> {
    const classifier = await createClassifier(
      await api.bytes('models.file', { params: { model: model.id } }),
    );
    return {
      model,
      batch: 16,
      async suggest(items) {
        const texts = items.map((item) => String(item.asset.data['text'] ?? ''));
        const guesses = await classifier.classify(texts);
        return items.map((item, i) => {
          const { label, score, uncertainty } = guesses[i]!;
          return {
            taskId: item.task as TaskId,
            annotation: { regions: [], answers: { label } },
            score,
            uncertainty,
          };
        });
      },
      close: () => classifier.close(),
    };
  }

  return {
    name: NAME,
    async refresh(project, finalized, current) {
      if (project.schema.modality !== 'text-classification' || project.retrainEvery === 0) return null;
      // Of the same name may also be one that came with imported predictions, which nobody can run.
      const known = (await api.call('projects.models', { params: { project: project.id } })).items.find(
        (m) => m.name === NAME && m.kind === 'text-classifier' && m.hasFile,
      );
      // Not all that is finalized is trained on, so what was finalized then is what counts.
      const last = Math.max(known?.finalized ?? 0, tooFew.get(project.id) ?? 0);
      const due = finalized - last >= project.retrainEvery;
      if (!due) {
        if (current !== null || known === undefined) return current;
        return open({ id: known.id as ModelId, version: known.version, projectId: project.id });
      }
      const all = await examples(project);
      if (all.length < project.retrainEvery || new Set(all.map((e) => e.label)).size < 2) {
        tooFew.set(project.id, finalized);
        return current;
      }
      const accuracy = crossValidated(all);
      const file = writeOnnx(train(all));
      const { hash } = await api.upload('models.upload', file, { params: { project: project.id } });
      const model = await api.call('models.put', {
        params: { project: project.id, name: NAME },
        body: {
          kind: 'text-classifier',
          blobHash: hash,
          trainedOn: all.length,
          finalized,
          accuracy,
          bump: true,
        },
      });
      logger.info(
        { project: project.id, version: model.version, trainedOn: all.length, accuracy },
        'trained a text classifier',
      );
      return open(model);
    },
  };
}

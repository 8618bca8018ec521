import type { SuggestionInput } from '@concord/core/protocol/resources';
import type { TaskId } from '@concord/core/records/ids';
import type { Logger } from '@concord/platform/observability/logger';
import { createTextDetector, type TextDetector } from '../detector/text-detector.ts';
import type { Api } from './api.ts';
import type { SuggesterKind } from './suggester.ts';

const NAME = 'pp-ocr-text-detection';

/** PP-OCR's text detection, in image projects that have a class named `text`. One detector serves all projects. */
export function textDetectorKind(api: Api, logger: Logger): SuggesterKind {
  let detector: Promise<TextDetector> | null = null;
  return {
    name: NAME,
    async refresh(project, _finalized, current) {
      const wanted = project.schema.classes.find((c) => c.name.toLowerCase() === 'text');
      if (project.schema.modality !== 'image-boxes' || wanted === undefined) return null;
      if (current !== null) return current;
      const model = await api.call('models.put', {
        params: { project: project.id, name: NAME },
        body: { kind: 'text-detector', bump: false },
      });
      return {
        model,
        batch: 1,
        async suggest(items) {
          detector ??= createTextDetector();
          const ready = await detector;
          const suggestions: SuggestionInput[] = [];
          for (const { task, asset } of items) {
            try {
              const boxes = await ready.detect(
                await api.bytes('assets.content', { params: { asset: asset.id } }),
              );
              const mean = boxes.reduce((sum, b) => sum + b.score, 0) / Math.max(1, boxes.length);
              suggestions.push({
                taskId: task as TaskId,
                annotation: {
                  answers: {},
                  regions: boxes.map(({ x, y, width, height, score }, i) => ({
                    id: `t${i + 1}`,
                    kind: 'box',
                    label: wanted.name,
                    shape: { x, y, width, height },
                    score,
                  })),
                },
                score: boxes.length === 0 ? null : mean,
                uncertainty: boxes.length === 0 ? 0.5 : 1 - mean,
              });
            } catch (err) {
              logger.warn({ err, asset: asset.id }, 'could not read an image');
            }
          }
          return suggestions;
        },
        close: async () => {},
      };
    },
  };
}

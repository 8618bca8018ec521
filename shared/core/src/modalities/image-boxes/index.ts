import { matchBoxes } from '../../agreement/boxes.ts';
import type { Annotation } from '../../records/annotation.ts';
import { missingReason } from '../checks.ts';
import type { Modality } from '../modality.ts';
import { checkRegionAnswer } from '../region-answers.ts';
import { countedLabels, regionCounts } from '../text.ts';
import { arbitraryBoxes } from './arbitrary.ts';
import { boxesOf, checkBox } from './check.ts';
import { boxConsensus } from './consensus.ts';
import { data, defaultClasses } from './data.ts';
import { fromLabelStudio, toLabelStudio } from './formats.ts';
import { MATCH_IOU, measureBoxes } from './measure.ts';

/** F1 of matched boxes from which an answer counts as right beside the settled one. */
const RIGHT = 0.8;

function same(a: Annotation, b: Annotation): boolean {
  return (matchBoxes(boxesOf(a), boxesOf(b), MATCH_IOU).f1 ?? 1) >= RIGHT;
}

/** Labelled boxes on an image, in pixels of the original. */
export const modality: Modality = {
  name: 'image-boxes',
  title: 'Image boxes',
  description: 'Labelled boxes around objects in photographs and scans',
  asset: 'image',
  data,
  fields: [],
  defaultClasses,
  fixedClasses: false,
  preview: (_values, blob) => (blob?.name ?? 'image').slice(0, 200),
  checkRegion: checkBox,
  checkAnswer: checkRegionAnswer,
  checkComplete: missingReason,
  category: () => null,
  measure: measureBoxes,
  consensus: (votes, method) => boxConsensus(votes, method),
  same,
  classCounts: regionCounts,
  summary: (annotation) => countedLabels(annotation, 'box', 'boxes'),
  fromLabelStudio,
  toLabelStudio,
  columns: (annotation) => ({
    boxes: boxesOf(annotation).map(({ x, y, width, height, label }) => ({ x, y, width, height, label })),
    reason: annotation.answers['reason'] ?? null,
  }),
  arbitrary: arbitraryBoxes,
};

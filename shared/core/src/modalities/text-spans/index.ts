import { exactSpanF1 } from '../../agreement/spans.ts';
import type { Annotation } from '../../records/annotation.ts';
import { missingReason } from '../checks.ts';
import type { Modality } from '../modality.ts';
import { checkRegionAnswer } from '../region-answers.ts';
import { countedLabels, oneLine, regionCounts } from '../text.ts';
import { arbitrarySpans } from './arbitrary.ts';
import { checkSpan, spansOf } from './check.ts';
import { spanConsensus } from './consensus.ts';
import { data, defaultClasses, fields } from './data.ts';
import { fromLabelStudio, toLabelStudio } from './formats.ts';

/** F1 from which an answer counts as right beside the settled one. */
const RIGHT = 0.8;

/** F1 of spans equal in start, end and label; two annotations without spans agree fully. */
function measure(a: Annotation, b: Annotation): number {
  return exactSpanF1(spansOf(a), spansOf(b)) ?? 1;
}

/** Labelled stretches of a text (named entities, and the like); they may overlap. */
export const modality: Modality = {
  name: 'text-spans',
  title: 'Text spans',
  description: 'Labelled stretches of a text, such as named entities',
  asset: 'inline',
  data,
  fields,
  defaultClasses,
  fixedClasses: false,
  preview: (values) => oneLine(String(values['text'] ?? '')),
  checkRegion: checkSpan,
  checkAnswer: checkRegionAnswer,
  checkComplete: missingReason,
  category: () => null,
  measure,
  consensus: (votes, method) => spanConsensus(votes, method),
  same: (a, b) => measure(a, b) >= RIGHT,
  classCounts: regionCounts,
  summary: (annotation) => countedLabels(annotation, 'span', 'spans'),
  fromLabelStudio,
  toLabelStudio,
  columns: (annotation) => ({
    spans: spansOf(annotation).map(({ start, end, label }) => ({ start, end, label })),
    reason: annotation.answers['reason'] ?? null,
  }),
  arbitrary: arbitrarySpans,
};

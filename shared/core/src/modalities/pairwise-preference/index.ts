import { choiceParts } from '../choice.ts';
import type { Modality } from '../modality.ts';
import { oneLine } from '../text.ts';
import { data, defaultClasses, fields } from './data.ts';
import { fromLabelStudio, toLabelStudio } from './formats.ts';

/** Two answers to one prompt; people say which is better (`answers.choice`: a, b or tie). */
export const modality: Modality = {
  ...choiceParts('choice'),
  name: 'pairwise-preference',
  title: 'Pairwise preference',
  description: 'Which of two answers to a prompt is better, for RLHF and reward models',
  asset: 'inline',
  data,
  fields,
  defaultClasses,
  fixedClasses: true,
  preview: (values) => oneLine(String(values['prompt'] ?? '')),
  fromLabelStudio: (result, _asset, report) => fromLabelStudio(result, report),
  toLabelStudio: (annotation) => toLabelStudio(annotation),
};

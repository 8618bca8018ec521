import { choiceParts } from '../choice.ts';
import type { Modality } from '../modality.ts';
import { oneLine } from '../text.ts';
import { data, defaultClasses, fields } from './data.ts';
import { fromLabelStudio, toLabelStudio } from './formats.ts';

/** A text gets one class (`answers.label`), and a reason where the project asks for one. */
export const modality: Modality = {
  ...choiceParts('label'),
  name: 'text-classification',
  title: 'Text classification',
  description: 'One class for a text, with a reason where you ask for it',
  asset: 'inline',
  data,
  fields,
  defaultClasses,
  fixedClasses: false,
  preview: (values) => oneLine(String(values['text'] ?? '')),
  fromLabelStudio: (result, _asset, report) => fromLabelStudio(result, report),
  toLabelStudio: (annotation) => toLabelStudio(annotation),
};

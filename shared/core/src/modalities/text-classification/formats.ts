import type { Annotation } from '../../records/annotation.ts';
import type { Json } from '../../records/json.ts';
import { readEntries, reasonEntry, reasonOf, reportOther, stringsAt } from '../label-studio.ts';

/** `choices` becomes the label (the first, where several are given), `textarea` the reason. */
export function fromLabelStudio(result: readonly unknown[], report: (what: string) => void): Annotation {
  const entries = readEntries(result, report);
  const answers: Record<string, Json> = {};
  const chosen = entries
    .filter((item) => item.type === 'choices')
    .flatMap((item) => stringsAt(item, 'choices'));
  if (chosen[0] !== undefined) answers['label'] = chosen[0];
  if (chosen.length > 1)
    report(`several choices (${chosen.join(', ')}); only ${chosen[0]} was taken, one label fits here`);
  for (const item of entries) if (item.type === 'textarea') Object.assign(answers, reasonOf(item));
  reportOther(
    entries.filter((item) => item.type !== 'choices' && item.type !== 'textarea'),
    report,
  );
  return { regions: [], answers };
}

export function toLabelStudio(annotation: Annotation): Json[] {
  const label = annotation.answers['label'];
  const choice: Json[] =
    typeof label === 'string'
      ? [{ id: 'label', from_name: 'label', to_name: 'text', type: 'choices', value: { choices: [label] } }]
      : [];
  return [...choice, ...reasonEntry(annotation.answers['reason'], 'text')];
}

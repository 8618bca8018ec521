import type { Annotation } from '../../records/annotation.ts';
import type { Json } from '../../records/json.ts';
import { readEntries, reasonEntry, reasonOf, reportOther, stringsAt } from '../label-studio.ts';

const TO = 'a,b';

/** `pairwise` with `selected` left or right; a tie, which Label Studio's tag has no word for, as `choices: [tie]`. */
export function fromLabelStudio(result: readonly unknown[], report: (what: string) => void): Annotation {
  const entries = readEntries(result, report);
  const answers: Record<string, Json> = {};
  for (const item of entries) {
    if (item.type === 'pairwise') {
      const selected = item.value?.['selected'];
      if (selected === 'left') answers['choice'] = 'a';
      else if (selected === 'right') answers['choice'] = 'b';
      else report(`pairwise selected ${JSON.stringify(selected)}; only left and right are known`);
    } else if (item.type === 'choices' && stringsAt(item, 'choices').includes('tie'))
      answers['choice'] = 'tie';
    else if (item.type === 'textarea') Object.assign(answers, reasonOf(item));
    else reportOther([item], report);
  }
  return { regions: [], answers };
}

export function toLabelStudio(annotation: Annotation): Json[] {
  const reason = reasonEntry(annotation.answers['reason'], TO);
  switch (annotation.answers['choice']) {
    case 'a':
      return [pairwise('left'), ...reason];
    case 'b':
      return [pairwise('right'), ...reason];
    case 'tie':
      return [
        { id: 'choice', from_name: 'tie', to_name: TO, type: 'choices', value: { choices: ['tie'] } },
        ...reason,
      ];
    default:
      return reason;
  }
}

function pairwise(selected: 'left' | 'right'): Json {
  return { id: 'choice', from_name: 'choice', to_name: TO, type: 'pairwise', value: { selected } };
}

import type { StageProps, Surface } from '../../modalities/surface.ts';

/**
 * What keeps the work from being submitted, said before the server has to: the sentence, and what to focus.
 * Null when nothing does. The server has the last word.
 */
export function missingIn(
  stage: Pick<StageProps, 'layer' | 'schema'>,
  surface: Pick<Surface, 'answerKey'>,
): { readonly text: string; readonly focus: string } | null {
  const { answers } = stage.layer;
  if (surface.answerKey !== undefined && typeof answers[surface.answerKey] !== 'string')
    return { text: 'Choose an answer first.', focus: '[role="radio"]' };
  const reason = answers['reason'];
  if (stage.schema.reason?.required && (typeof reason !== 'string' || reason.trim() === ''))
    return { text: 'A reason is required here.', focus: '[data-reason]' };
  return null;
}

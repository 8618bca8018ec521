import { ConcordError } from '@concord/core/errors/concord-error';
import type { Modalities, Modality } from '@concord/core/modalities/modality';
import type { LabelSchema } from '@concord/core/records/label-schema';
import type { Project } from '@concord/core/records/project';

/** The modality of a schema. Throws `input.invalid` naming the field when there is none of that name. */
export function modalityOf(modalities: Modalities, schema: LabelSchema): Modality {
  const modality = modalities.get(schema.modality);
  if (modality) return modality;
  const known = [...modalities.keys()].join(', ');
  throw new ConcordError('input.invalid', `There is no modality ${schema.modality}.`, [
    {
      path: 'schema.modality',
      message: 'is not known',
      value: schema.modality,
      remedy: `Use one of: ${known}.`,
    },
  ]);
}

/** What the modality says of a project's schema: its classes may be fixed. Throws `input.invalid`. */
export function checkSchema(modalities: Modalities, schema: LabelSchema): void {
  const modality = modalityOf(modalities, schema);
  if (!modality.fixedClasses) return;
  const fixed = modality.defaultClasses.map((c) => c.name);
  const given = schema.classes.map((c) => c.name);
  if (given.length === fixed.length && fixed.every((name) => given.includes(name))) return;
  throw new ConcordError('input.invalid', `The classes of ${modality.title} are fixed.`, [
    {
      path: 'schema.classes',
      message: 'cannot be changed',
      value: given.join(', '),
      remedy: `Use: ${fixed.join(', ')}.`,
    },
  ]);
}

/** A project's modality stays what it was: its assets are of that kind. */
export function checkSameModality(before: Project, schema: LabelSchema): void {
  if (schema.modality === before.schema.modality) return;
  throw new ConcordError('input.invalid', 'A project keeps its modality; make a new project instead.', [
    {
      path: 'schema.modality',
      message: 'cannot be changed',
      value: schema.modality,
      remedy: `Leave it ${before.schema.modality}.`,
    },
  ]);
}

/** Refuses a change of something that somebody else changed meanwhile. `*` and no If-Match always pass. */
export function requireMatch(ifMatch: string | null, rev: number): void {
  if (ifMatch === null || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  if (tags.includes(String(rev))) return;
  throw new ConcordError(
    'precondition',
    `Somebody changed this project meanwhile (it is at revision ${rev}). Load it again, then repeat your change.`,
    [{ path: 'If-Match', message: 'is not the present revision', value: ifMatch, remedy: `Use "${rev}".` }],
  );
}

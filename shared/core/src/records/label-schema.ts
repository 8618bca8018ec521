import { z } from 'zod';

/**
 * The ontology of one project. `classes` are the options of a classification, the labels of a span or a box,
 * or, for pairwise preference, the answers (left, right, tie). The modality's folder says how they are used.
 */
export const classDef = z.strictObject({
  /** Stable key that labels refer to; shown when there is no title. */
  name: z.string().trim().min(1).max(60),
  title: z.string().max(80).optional(),
  color: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'expected a colour like #3b82f6'),
  /** One character; 1–9 are given out in order when absent. */
  hotkey: z.string().length(1).optional(),
  description: z.string().max(500).optional(),
});
export type ClassDef = z.infer<typeof classDef>;

export const labelSchema = z
  .strictObject({
    version: z.number().int().positive().default(1),
    modality: z.string().regex(/^[a-z][a-z0-9-]*$/),
    classes: z.array(classDef).min(1).max(200),
    /** A free-text question beside the label: `answers.reason`. */
    reason: z
      .strictObject({ ask: z.boolean(), required: z.boolean(), prompt: z.string().max(200) })
      .optional(),
  })
  .superRefine((schema, ctx) => {
    const names = new Set<string>();
    const keys = new Set<string>();
    schema.classes.forEach((c, i) => {
      if (names.has(c.name))
        ctx.addIssue({
          code: 'custom',
          path: ['classes', i, 'name'],
          message: `two classes are named ${c.name}`,
        });
      names.add(c.name);
      if (c.hotkey !== undefined) {
        if (keys.has(c.hotkey))
          ctx.addIssue({
            code: 'custom',
            path: ['classes', i, 'hotkey'],
            message: `hotkey ${c.hotkey} is used twice`,
          });
        keys.add(c.hotkey);
      }
    });
  });
export type LabelSchema = z.infer<typeof labelSchema>;

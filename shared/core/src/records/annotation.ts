import { z } from 'zod';
import { json } from './json.ts';

/** Region ids come from the client, so that a resent create is recognised. */
export const regionId = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'expected 1–40 letters, digits, - or _');

/**
 * One object on an asset: a box, a span, … `kind` is given by the modality, which also parses `shape`
 * (box: x, y, width, height in pixels of the original; span: start, end in UTF-16 code units, end exclusive).
 */
export const region = z.strictObject({
  id: regionId,
  kind: z.string().max(40),
  label: z.string().max(60),
  shape: z.record(z.string(), json),
  attrs: z.record(z.string(), json).optional(),
  /** The suggestion (a region id on a model's layer) this was accepted from, as `<layer>/<region>`. */
  from: z.string().max(140).optional(),
  /** Confidence 0..1; only on suggestions and on consensus answers. */
  score: z.number().min(0).max(1).optional(),
});
export type Region = z.infer<typeof region>;

/** Most regions of one layer. */
export const mostRegions = 20_000;

/** What one layer says about an asset: its regions (sorted by id) and its answers to whole-asset questions. */
export const annotation = z.strictObject({
  regions: z.array(region).max(mostRegions),
  answers: z.record(z.string().max(60), json),
});
export type Annotation = z.infer<typeof annotation>;

export const emptyAnnotation: Annotation = Object.freeze({ regions: [], answers: {} }) as Annotation;

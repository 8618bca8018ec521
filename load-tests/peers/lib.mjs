// What the servers measured beside Concord share. Each is the smallest useful one that its documentation shows.
import { parseArgs } from 'node:util';

/** `--objects` lie in every room when somebody enters; `--rooms` is how many rooms there are. */
export const options = parseArgs({
  options: {
    objects: { type: 'string', default: '0' },
    rooms: { type: 'string', default: '0' },
    engine: { type: 'string', default: 'ws' },
  },
}).values;

/** Boxes of about 193 B of JSON, as somebody who enters gets them. */
export const objects = Array.from({ length: Number(options.objects) }, (_, i) => ({
  id: `region-${String(i).padStart(6, '0')}`,
  layer: `usr_bench_${String(i % 10).padStart(6, '0')}`,
  lseq: i + 1,
  kind: 'box',
  label: 'Object',
  shape: { x: 100.5 + i, y: 200.25 + i, width: 64.125, height: 48.0625 },
  attrs: { occluded: i % 2 === 0 },
}));

/** A batch is an array; a single op is itself. */
export const listOf = (message) => (Array.isArray(message) ? message : [message]);

export function ready(port) {
  console.log(`ready ${port}`);
}

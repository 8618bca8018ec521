import { z } from 'zod';
import { instant, nodeId } from './ids.ts';

/** A server process on this store, as it says of itself. Whether it lives is seen by `beat` moving, never by a clock. */
export const node = z.strictObject({
  id: nodeId,
  /** Where clients reach this process and no other; null when there is no such address. */
  url: z.string().nullable(),
  /** `draining` ones hand their rooms over; those that are `gone` stopped in order. */
  state: z.enum(['serving', 'draining', 'gone']),
  /** Whether its messages reach the others; while they do not, all read the rooms' logs instead. */
  reaching: z.boolean(),
  beat: z.number().int().nonnegative(),
  startedAt: instant,
});
export type Node = z.infer<typeof node>;

/** Work that one node at a time does, and which one: it holds it for as long as it lives. */
export const lease = z.strictObject({ id: z.string(), node: nodeId });
export type Lease = z.infer<typeof lease>;

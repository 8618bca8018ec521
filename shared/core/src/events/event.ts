import { z } from 'zod';
import { finalization } from '../records/finalization.ts';
import { assetId, instant, modelId, projectId, taskId } from '../records/ids.ts';

/** The facts on the bus, by type. Names say what happened; a type's data only ever gains fields. */
export const eventData = {
  'concord.asset.imported.v1': z.strictObject({
    projectId,
    importId: z.string(),
    added: z.number().int(),
    at: instant,
  }),
  'concord.item.disputed.v1': z.strictObject({
    projectId,
    taskId,
    agreement: z.number().nullable(),
    confidence: z.number().nullable(),
    at: instant,
  }),
  'concord.item.finalized.v1': z.strictObject({
    projectId,
    taskId,
    assetId,
    revision: z.number().int().positive(),
    finalization,
    /** The asset's inline data and file reference, so that a consumer needs no second call. */
    asset: z.strictObject({
      hash: z.string(),
      data: z.record(z.string(), z.unknown()),
      blob: z.unknown().optional(),
      meta: z.record(z.string(), z.unknown()),
    }),
    modality: z.string(),
  }),
  'concord.item.reopened.v1': z.strictObject({
    projectId,
    taskId,
    revision: z.number().int(),
    reason: z.string(),
    at: instant,
  }),
  'concord.version.committed.v1': z.strictObject({
    projectId,
    branch: z.string(),
    commit: z.string(),
    parents: z.array(z.string()),
    added: z.number().int(),
    changed: z.number().int(),
    removed: z.number().int(),
    total: z.number().int(),
    at: instant,
  }),
  'concord.model.updated.v1': z.strictObject({
    projectId,
    modelId,
    version: z.number().int(),
    trainedOn: z.number().int(),
    accuracy: z.number().nullable(),
    at: instant,
  }),
} as const;
export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>;

/** A CloudEvents 1.0 envelope (structured JSON). `id` is the deduplication id: `<task>:<revision>` for finalized items. */
export type ConcordEvent = {
  [T in EventType]: {
    readonly specversion: '1.0';
    readonly id: string;
    readonly source: string;
    readonly type: T;
    readonly subject: string;
    readonly time: string;
    readonly datacontenttype: 'application/json';
    readonly data: EventData<T>;
  };
}[EventType];

const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string(),
  type: z.enum(Object.keys(eventData) as [EventType, ...EventType[]]),
  subject: z.string(),
  time: z.string(),
  datacontenttype: z.literal('application/json'),
  data: z.unknown(),
});

export function makeEvent<T extends EventType>(
  type: T,
  id: string,
  data: EventData<T>,
  atMs: number,
): ConcordEvent {
  return {
    specversion: '1.0',
    id,
    source: 'concord',
    type,
    subject: (data as { projectId: string }).projectId,
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    data,
  } as unknown as ConcordEvent;
}

/** Parses an event from the bus; throws on an unknown type or a body that does not fit. */
export function parseEvent(value: unknown): ConcordEvent {
  const head = envelope.parse(value);
  return { ...head, data: eventData[head.type].parse(head.data) } as unknown as ConcordEvent;
}

/** NATS subject of an event: `concord.v1.<project>.item.finalized`. */
export function eventSubject(event: ConcordEvent): string {
  return `concord.v1.${event.subject}.${event.type.slice('concord.'.length, -'.v1'.length)}`;
}

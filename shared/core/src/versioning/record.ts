import type { EventData } from '../events/event.ts';
import type { Annotation } from '../records/annotation.ts';
import type { BlobRef } from '../records/asset.ts';
import type { Contribution, Finalization, SettledBy } from '../records/finalization.ts';
import type { Json } from '../records/json.ts';
import { canonicalJson } from './canonical-json.ts';

/** One settled item as a dataset keeps it: self-contained, so that a version needs no other store to be read. */
export interface DatasetRecord {
  readonly task: string;
  /** The task's number in its project; datasets are in this order. */
  readonly seq: number;
  /** 1, 2, …: the newest settled answer of the task. */
  readonly revision: number;
  readonly modality: string;
  readonly asset: {
    readonly id: string;
    readonly hash: string;
    readonly data: Readonly<Record<string, Json>>;
    readonly blob?: BlobRef | undefined;
    readonly meta: Readonly<Record<string, Json>>;
  };
  readonly answer: Annotation;
  readonly agreement: number | null;
  readonly confidence: number | null;
  readonly settledBy: SettledBy;
  /** Everybody's standing submission: whose, what, blind or open, when. */
  readonly contributions: readonly Contribution[];
  readonly suggestions: Finalization['suggestions'];
  readonly schemaVersion: number;
  readonly guidelinesVersion: number;
  /** The part of the room's log that led here. */
  readonly ops: Finalization['ops'];
  readonly at: number;
}

/** Sorts by the task's number, so that what was worked on together lies together. */
export function recordKey(seq: number, task: string): string {
  return `${String(seq).padStart(10, '0')}/${task}`;
}

export function recordOf(event: EventData<'concord.item.finalized.v1'>): DatasetRecord {
  const { finalization: f, asset } = event;
  return {
    task: f.taskId,
    seq: f.taskSeq,
    revision: f.revision,
    modality: event.modality,
    asset: {
      id: f.assetId,
      hash: asset.hash,
      data: asset.data as Record<string, Json>,
      ...(asset.blob === undefined || asset.blob === null ? {} : { blob: asset.blob as BlobRef }),
      meta: asset.meta as Record<string, Json>,
    },
    answer: f.answer,
    agreement: f.agreement,
    confidence: f.confidence,
    settledBy: f.settledBy,
    contributions: f.contributions,
    suggestions: f.suggestions,
    schemaVersion: f.schemaVersion,
    guidelinesVersion: f.guidelinesVersion,
    ops: f.ops,
    at: f.at,
  };
}

export const encodeRecord = (record: DatasetRecord): string => canonicalJson(record);
/** The text was checked by hash when its node was read, and written by `encodeRecord`. */
export const decodeRecord = (text: string): DatasetRecord => JSON.parse(text) as DatasetRecord;

import type { z } from 'zod';
import type { FieldError } from '../errors/concord-error.ts';
import type { Annotation, Region } from '../records/annotation.ts';
import type { BlobRef } from '../records/asset.ts';
import type { Json } from '../records/json.ts';
import type { ClassDef, LabelSchema } from '../records/label-schema.ts';

export interface Vote {
  /** Who submitted it. */
  readonly by: string;
  readonly annotation: Annotation;
  /** Estimated share of right answers of this person, 0..1; used by `weighted`, ignored by `majority`. */
  readonly weight: number;
}

export interface Consensus {
  /** The answer of all votes together. */
  readonly annotation: Annotation;
  /** 0..1; how it is made is said in consensus/SPEC.md, per modality. */
  readonly confidence: number;
  /** Two answers stand equally; such an item is never settled by itself. */
  readonly tie: boolean;
  /** In words, for the record: "2 of 3 chose spam". */
  readonly reason: string;
}

/**
 * All that the rest of Concord needs to know about one kind of work. Pure. One folder each in core/src/modalities
 * (and its twin in client/src/modalities), found by folder name; adding one changes nothing else.
 */
export interface Modality {
  /** The folder's name. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** `inline`: the asset is `data`; `image`: a file with width and height. */
  readonly asset: 'inline' | 'image';
  /** Parses an asset's data; its keys are what import columns are mapped to. */
  readonly data: z.ZodType<Record<string, Json>>;
  /** Which data keys an import must or may fill, with the column names that are taken for them without a mapping. */
  readonly fields: readonly {
    readonly key: string;
    readonly required: boolean;
    readonly aliases: readonly string[];
  }[];
  /** Classes offered for a new project. */
  readonly defaultClasses: readonly ClassDef[];
  /** Whether the classes may be edited (pairwise has fixed ones). */
  readonly fixedClasses: boolean;
  /** First characters for tables. */
  preview(data: Record<string, Json>, blob: BlobRef | undefined): string;
  /** What is wrong with a region (kind, label not in the schema, shape out of the asset); empty when fine. Paths start at the region. */
  checkRegion(region: Region, schema: LabelSchema, asset: AssetFacts): readonly FieldError[];
  /** What is wrong with one answer; empty when fine. `value` null means taken back and is always fine. Paths start at `answers`. */
  checkAnswer(key: string, value: Json, schema: LabelSchema): readonly FieldError[];
  /** What keeps an annotation from being submitted (a missing required answer); empty when it is complete. Paths start at the annotation. */
  checkComplete(annotation: Annotation, schema: LabelSchema): readonly FieldError[];
  /** The annotation's nominal category (classification, preference), or null where the modality has none. */
  category(annotation: Annotation): string | null;
  /** Agreement of two annotations, 0..1, symmetric; two empty ones agree fully. */
  measure(a: Annotation, b: Annotation, asset: AssetFacts): number;
  /** What the votes say together. At least one vote. Identical votes always give that same annotation with full agreement. */
  consensus(
    votes: readonly Vote[],
    method: 'majority' | 'weighted',
    schema: LabelSchema,
    asset: AssetFacts,
  ): Consensus;
  /** Whether an answer equals the settled one closely enough to count as right. */
  same(a: Annotation, b: Annotation, asset: AssetFacts): boolean;
  /** How often each class occurs in it. */
  classCounts(annotation: Annotation): Readonly<Record<string, number>>;
  /** In a few words, for tables: "spam", "3 boxes: boat ×2, person". */
  summary(annotation: Annotation): string;
  /** Entries of Label Studio's `result` list to and from an annotation. `report` collects what could not be held. */
  fromLabelStudio(result: readonly unknown[], asset: AssetFacts, report: (what: string) => void): Annotation;
  toLabelStudio(annotation: Annotation, asset: AssetFacts): readonly Json[];
  /** Columns of this modality in CSV and Parquet exports beside the common ones. */
  columns(annotation: Annotation): Readonly<Record<string, Json>>;
  /** A made-up but valid annotation for bots and property tests. `random` is uniform in [0, 1). */
  arbitrary(random: () => number, schema: LabelSchema, asset: AssetFacts): Annotation;
}

/** What a modality may ask about the asset. */
export interface AssetFacts {
  readonly data: Readonly<Record<string, Json>>;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Modalities by name, passed to whoever needs one. */
export type Modalities = ReadonlyMap<string, Modality>;

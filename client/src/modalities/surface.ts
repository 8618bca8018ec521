import type { Asset } from '@concord/core/records/asset';
import type { LayerId } from '@concord/core/records/ids';
import type { ClassDef, LabelSchema } from '@concord/core/records/label-schema';
import type { ClientOp } from '@concord/core/rooms/op';
import type { Viewport } from '@concord/core/rooms/presence';
import type { Component } from 'solid-js';
import type { LayerView, RegionView } from '../store/index.ts';
import type { StagePresence } from './presence.ts';

/** Somebody else's layer, where this person may see it. */
export interface OtherLayer {
  readonly id: LayerId;
  readonly kind: 'person' | 'model' | 'consensus';
  readonly name: string;
  /** #rrggbb. */
  readonly color: string;
  readonly layer: LayerView;
  /** Ids of its regions that not everybody has: what a reviewer must look at. Empty outside review. */
  readonly differs: ReadonlySet<string>;
}

/** A model's region that this person has neither taken nor refused. */
export interface RegionSuggestion {
  /** `<layer>/<region>`: what `from` says when it is taken. */
  readonly key: string;
  readonly model: string;
  readonly region: RegionView;
}

/** A model's answer to a whole-asset question. `score` 0..1 where known. */
export interface AnswerSuggestion {
  readonly model: string;
  readonly key: string;
  readonly value: string;
  readonly score: number | null;
}

/** What every stage is given. Signals in the guise of props: read them where they are used. */
export interface StageProps {
  readonly asset: Asset;
  readonly schema: LabelSchema;
  /** The layer this person edits. */
  readonly layer: LayerView;
  /** False once submitted or settled: show, but change nothing. */
  readonly editable: boolean;
  readonly others: readonly OtherLayer[];
  readonly suggestions: readonly RegionSuggestion[];
  readonly answerSuggestions: readonly AnswerSuggestion[];
  readonly presence: StagePresence;
  /** The class that a new region gets; '' for none, so that it is asked for. */
  readonly activeClass: string;
  readonly onActiveClass: (name: string) => void;
  /** The selected region's id, on one's own layer or `<layer>/<region>` for a suggestion. */
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  /** Does ops now; those of one `group` in a row undo together. */
  readonly dispatch: (ops: readonly ClientOp[], group?: string) => void;
  readonly accept: (keys: readonly string[]) => void;
  readonly reject: (keys: readonly string[]) => void;
  /** The work is done as far as the stage can tell (Enter was pressed where that is safe). */
  readonly onDone: () => void;
}

export interface KeyHelp {
  readonly keys: readonly string[];
  readonly does: string;
}

/** What a modality's folder exports as `surface`: how one kind of work looks and is done. */
export interface Surface {
  readonly Stage: Component<StageProps>;
  /** Whether the page shows the label list and the region list beside the stage. */
  readonly regions: boolean;
  readonly keys: readonly KeyHelp[];
  /** How a region is made, in one sentence; stands where the list of regions is empty. */
  readonly hint?: string;
  /** Whether a class is active from the start, so that a drag makes a region at once. */
  readonly startsArmed: boolean;
  /** Begins to fetch what the stage will need, as soon as it is known which task comes. */
  readonly prefetch?: (asset: Asset) => void;
  /** One line for a region in lists: its text, or its size. */
  readonly regionText?: (region: RegionView, asset: Asset) => string;
  /** What of the asset is in sight, in a few words. */
  readonly viewText: (viewport: Viewport, asset: Asset) => string;
  /** The answer the classes are for, where the work is a choice. */
  readonly answerKey?: string;
}

/** A class's key: its own, or 1–9 in order where no class has taken that digit. */
export function hotkeysOf(classes: readonly ClassDef[]): ReadonlyMap<string, string> {
  const taken = new Set(classes.flatMap((c) => (c.hotkey === undefined ? [] : [c.hotkey])));
  const free = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].filter((key) => !taken.has(key));
  const keys = new Map<string, string>();
  for (const c of classes) {
    const key = c.hotkey ?? free.shift();
    if (key !== undefined) keys.set(c.name, key);
  }
  return keys;
}

export function classTitle(schema: LabelSchema, name: string): string {
  return schema.classes.find((c) => c.name === name)?.title ?? name;
}

/** A class's colour; grey for one that the schema no longer has. */
export function classColor(schema: LabelSchema, name: string): string {
  return schema.classes.find((c) => c.name === name)?.color ?? '#7a8785';
}

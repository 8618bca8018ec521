import type { SuggestionInput } from '@concord/core/protocol/resources';
import type { Asset } from '@concord/core/records/asset';
import type { Model } from '@concord/core/records/model';
import type { Project } from '@concord/core/records/project';

/** One model taking part in one project. */
export interface Suggester {
  readonly model: Pick<Model, 'id' | 'projectId' | 'version'>;
  /** Tasks it likes to be given at once. */
  readonly batch: number;
  /** Suggestions for these items; an item it can't read is left out with a word in the log. */
  suggest(items: readonly { readonly task: string; readonly asset: Asset }[]): Promise<SuggestionInput[]>;
  close(): Promise<void>;
}

/** A kind of model Concord brings along: says whether it has something to offer a project, and (again) how it is now. */
export interface SuggesterKind {
  readonly name: string;
  /** Null while it has nothing to say (no such class, too few finalized items). `current` is kept when it is still the best. */
  refresh(project: Project, finalized: number, current: Suggester | null): Promise<Suggester | null>;
}

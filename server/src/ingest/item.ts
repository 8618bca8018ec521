import type { TaskId } from '@concord/core/records/ids';
import type { ImportError } from '@concord/core/records/import';
import type { NewAsset } from '../tasks/index.ts';
import type { RowLabels } from './labels.ts';
import type { Prediction } from './predictions.ts';

/** One row on its way into the project. */
export interface Item {
  /** Where it stands in which file, for what is said about it. */
  readonly at: Pick<ImportError, 'row' | 'file'>;
  /** The content, or the task of a picture that the row only speaks of. */
  readonly of: { readonly asset: NewAsset } | { readonly taskId: TaskId };
  readonly labels: RowLabels['labels'];
  readonly settled: RowLabels['settled'];
  readonly predictions: readonly Prediction[];
}

/** Whether an item says more than that it is there. */
export const says = ({ labels, settled, predictions }: Item): boolean =>
  labels.length > 0 || settled !== null || predictions.length > 0;

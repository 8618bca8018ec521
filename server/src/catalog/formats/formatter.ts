import type { Modality } from '@concord/core/modalities/modality';
import type { DatasetRecord } from '@concord/core/versioning/record';

/** Writes the records of one version, in order, without holding them. The same records give the same bytes. */
export interface Formatter {
  readonly type: string;
  readonly extension: string;
  write(
    records: AsyncIterable<readonly DatasetRecord[]>,
    modality: Modality,
  ): AsyncIterable<string | Uint8Array>;
}

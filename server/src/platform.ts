import type { Modalities } from '@concord/core/modalities/modality';
import type { Logger } from '@concord/platform/observability/logger';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus } from '@concord/platform/ports/bus';
import type { Clock, Randomness } from '@concord/platform/ports/clock';
import type { Fanout } from '@concord/platform/ports/fanout';
import type { Store } from '@concord/platform/ports/store';
import type { Live } from './live.ts';

/** What every part of the server stands on; made once in main.ts, or by a test with other adapters. */
export interface Platform {
  readonly store: Store;
  readonly bus: Bus;
  readonly blobs: Blobs;
  readonly fanout: Fanout;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly modalities: Modalities;
  readonly logger: Logger;
  readonly live: Live;
}

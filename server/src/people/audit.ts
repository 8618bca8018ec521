import type { UserId } from '@concord/core/records/ids';
import type { Write } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';

/** An audit entry as a write, for the same unit of work as the action it records. */
export function auditWrite(
  platform: Pick<Platform, 'clock' | 'random'>,
  userId: UserId | null,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>> = {},
): Write {
  const at = platform.clock.now();
  return {
    put: 'audit',
    record: { id: `aud_${platform.random.token(12)}`, at, userId, action, subject, detail },
    expect: 'absent',
  };
}

/** Records an action by itself; durable when it returns. Prefer `auditWrite` where the action is a unit of work. */
export async function audit(
  platform: Pick<Platform, 'clock' | 'random' | 'store'>,
  userId: UserId | null,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await platform.store.commit({ writes: [auditWrite(platform, userId, action, subject, detail)] });
}

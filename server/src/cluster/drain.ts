import type { Platform } from '../platform.ts';
import type { Rooms } from '../rooms/index.ts';
import type { Nodes } from './nodes.ts';

/** People are asked to go in waves of so many rooms, a little apart, so that the others are not run over. */
const WAVE_ROOMS = 20;
const WAVE_MS = 100;
/** Who is still here is asked again after this long. */
const AGAIN_MS = 3_000;
/** All of it takes no longer. */
const MOST_MS = 20_000;
const LOOK_MS = 50;

/**
 * Hands this node's rooms over to the others and waits until nobody is left in them. Without another node there is nobody
 * to hand them to, and it is over at once.
 */
export async function drainNode(
  platform: Pick<Platform, 'clock' | 'random' | 'logger'>,
  nodes: Nodes,
  rooms: Pick<Rooms, 'occupied'>,
): Promise<void> {
  const { clock, random } = platform;
  const logger = platform.logger.child({ part: 'cluster' });
  const pause = (ms: number) => new Promise<void>((done) => void clock.after(ms, done));
  await nodes
    .drain()
    .catch((err: unknown) => logger.warn({ err }, 'the others were not told that this node drains'));
  if (!nodes.others().some(({ state }) => state === 'serving')) return;

  let over = false;
  const cancelLimit = clock.after(MOST_MS, () => {
    over = true;
  });
  const askedAt = new Map<object, number>();
  let left = await rooms.occupied();
  logger.info({ rooms: left.length }, 'this node drains: its rooms are handed over');
  while (left.length > 0 && !over) {
    const now = clock.now();
    const wave = left.filter((room) => now - (askedAt.get(room) ?? Number.NEGATIVE_INFINITY) >= AGAIN_MS);
    for (const room of wave.slice(0, WAVE_ROOMS)) {
      askedAt.set(room, now);
      for (const occupant of room.occupants.all()) occupant.sendAway();
    }
    await pause(wave.length > WAVE_ROOMS ? Math.round(WAVE_MS * (0.5 + random.number())) : LOOK_MS);
    left = await rooms.occupied();
  }
  cancelLimit();
  if (left.length > 0) logger.warn({ rooms: left.length }, 'people are left in rooms; they will be cut off');
}

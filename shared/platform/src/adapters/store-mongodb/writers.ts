import type { Binary, ClientSession, Db } from 'mongodb';
import type { Clock } from '../../ports/clock.ts';
import type { Tables } from './tables.ts';

const beatMs = 250;
/** Who was not heard of for so long, by the database's own clock, is taken for dead. */
const deadMs = 1_000;

/**
 * Who writes this database. A process that dies in a transaction leaves it open, and the database keeps its documents from
 * everybody for a minute; here the others see that it died, and end what it left. Being taken for dead by mistake costs a
 * process one transaction, which it runs again.
 */
export interface Writers {
  /** Transactions run in this session from now on: whoever outlives this process knows it. */
  use(session: ClientSession): Promise<void>;
  /** Ends what the dead left open. */
  endDead(): Promise<void>;
  close(): Promise<void>;
}

export function createWriters(db: Db, tables: Tables, clock: Clock): Writers {
  let own: Binary | null = null;
  let cancel = () => {};

  async function beat(): Promise<void> {
    if (own === null) return;
    await tables.writers.updateOne({ _id: own }, { $currentDate: { at: true } }, { upsert: true });
  }
  function beatOn(): void {
    cancel();
    cancel = clock.after(beatMs, () => {
      // One that does not arrive is followed by the next.
      void beat()
        .catch(() => {})
        .then(() => own !== null && beatOn());
    });
  }

  return {
    async use(session) {
      // The one before is not heard of any more: what may be left in it is ended like that of the dead.
      own = session.id?.id ?? null;
      await beat();
      beatOn();
    },
    async endDead() {
      const dead = await tables.writers
        .find({ $expr: { $lt: ['$at', { $subtract: ['$$NOW', deadMs] }] } })
        .toArray();
      for (const { _id, at } of dead) {
        await db.command({ killSessions: [{ id: _id }] });
        await tables.writers.deleteOne({ _id, at });
      }
    },
    async close() {
      cancel();
      const gone = own;
      own = null;
      if (gone !== null) await tables.writers.deleteOne({ _id: gone });
    },
  };
}

import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fanout } from './fanout.ts';

/** Nodes of one cluster under test: three, or one where there can be no other. */
export interface FanoutUnderTest {
  readonly nodes: readonly Fanout[];
  end(): Promise<void>;
}

interface Ear {
  /** Everything heard but the probes. */
  readonly heard: string[];
  /** Resolves when what this node sends from now on arrives: joining a channel may take a while. */
  tunedTo(sender: Fanout): Promise<void>;
  stop(): void;
}

function listen(node: Fanout, channel: string): Ear {
  const heard: string[] = [];
  const probes = new Set<string>();
  const stop = node.subscribe(channel, (message) => {
    if (message.startsWith('probe ')) probes.add(message);
    else heard.push(message);
  });
  return {
    heard,
    stop,
    async tunedTo(sender) {
      const probe = `probe ${crypto.randomUUID()}`;
      const arrived = () => {
        sender.publish(channel, probe);
        return probes.has(probe);
      };
      await expect.poll(arrived, { timeout: 10_000, interval: 10 }).toBe(true);
    },
  };
}

/** What every fanout must do; what takes other nodes is left out where there is only one. */
export function describeFanoutContract(
  name: string,
  count: 1 | 3,
  open: () => Promise<FanoutUnderTest>,
): void {
  describe(`fanout: ${name}`, () => {
    let made: FanoutUnderTest;
    let one: Fanout;
    beforeEach(async () => {
      made = await open();
      one = made.nodes[0]!;
    });
    afterEach(() => made.end());

    it('never tells the sender', async () => {
      const own = listen(one, 'news');
      one.publish('news', 'mine');
      await turn();
      expect(own.heard).toEqual([]);
    });

    it('takes messages that nobody listens to, and a second unsubscribe, without complaint', () => {
      const ear = listen(one, 'news');
      ear.stop();
      ear.stop();
      one.publish('nobody', 'hears this');
      one.publish('news', 'nor this');
      expect(ear.heard).toEqual([]);
    });

    if (count === 1) {
      it('reaches nobody, and nothing is wrong with that', () => {
        expect(one.status()).toEqual({ reaching: false, problem: null });
      });
      return;
    }

    let other: Fanout;
    let third: Fanout;
    beforeEach(() => {
      [, other, third] = made.nodes as [Fanout, Fanout, Fanout];
    });

    it('tells every other node once, not the sender, and no other channel', async () => {
      const own = listen(one, 'news');
      const ears = [listen(other, 'news'), listen(third, 'news')];
      const elsewhere = [listen(other, 'new'), listen(other, 'newsroom')];
      for (const ear of ears) await ear.tunedTo(one);
      for (const ear of elsewhere) await ear.tunedTo(one);
      one.publish('news', 'hello');
      for (const ear of [...ears, ...elsewhere]) await ear.tunedTo(one);
      await own.tunedTo(other);
      expect(ears.map(({ heard }) => heard)).toEqual([['hello'], ['hello']]);
      expect([own, ...elsewhere].map(({ heard }) => heard)).toEqual([[], [], []]);
    });

    it('says when messages begin to arrive: what is sent after that does', async () => {
      await expect.poll(() => one.status().reaching, { timeout: 10_000 }).toBe(true);
      for (const node of [other, third]) {
        const heard: string[] = [];
        await new Promise<void>((tuned) => {
          node.subscribe('late', (message) => heard.push(message), tuned);
        });
        one.publish('late', 'hello');
        await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['hello']);
      }
      // A channel that the node listens to already begins at once.
      await new Promise<void>((tuned) => {
        other.subscribe('late', () => {}, tuned);
      });
    });

    it('keeps the order of one sender, and loses nothing while nothing breaks', async () => {
      const ear = listen(third, 'news');
      await ear.tunedTo(one);
      await ear.tunedTo(other);
      for (let i = 0; i < 500; i++) {
        one.publish('news', `a${i}`);
        other.publish('news', `b${i}`);
      }
      await ear.tunedTo(one);
      await ear.tunedTo(other);
      const of = (sender: string) => ear.heard.filter((message) => message.startsWith(sender));
      for (const sender of ['a', 'b'])
        expect(of(sender)).toEqual(Array.from({ length: 500 }, (_, i) => `${sender}${i}`));
    });

    it('carries any text as it was', async () => {
      const texts = ['', ' \n\0', '{"a":"“Приве́т” 👋"}', 'x'.repeat(300_000)];
      const ear = listen(other, 'news');
      await ear.tunedTo(one);
      for (const text of texts) one.publish('news', text);
      await ear.tunedTo(one);
      expect(ear.heard).toEqual(texts);
    });

    it('tells every listener of a node until that one stops', async () => {
      const first = listen(other, 'news');
      const second = listen(other, 'news');
      await first.tunedTo(one);
      one.publish('news', 'both');
      await second.tunedTo(one);
      first.stop();
      one.publish('news', 'second only');
      await second.tunedTo(one);
      expect(first.heard).toEqual(['both']);
      expect(second.heard).toEqual(['both', 'second only']);
    });

    it('a node that closed hears nothing more, and the others go on', async () => {
      const gone = listen(other, 'news');
      const stays = listen(third, 'news');
      await gone.tunedTo(one);
      await stays.tunedTo(one);
      await other.close();
      one.publish('news', 'later');
      await stays.tunedTo(one);
      expect(stays.heard).toEqual(['later']);
      expect(gone.heard).toEqual([]);
    });
  });
}

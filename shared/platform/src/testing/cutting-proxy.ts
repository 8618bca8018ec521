import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on this machine that can lose answers and cut connections, as networks do. */
export interface CuttingProxy {
  readonly port: number;
  /** The next request that holds this text still arrives, but its answer does not: the connection ends in its place. */
  loseAnswerTo(text: string): Promise<void>;
  /** The next request that holds this text gets lost, and its connection stays open and leads nowhere. */
  swallow(text: string): Promise<void>;
  /** Cuts every connection as it is. */
  cutAll(): void;
  close(): Promise<void>;
}

export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let trap: { readonly text: string; readonly delivered: boolean; readonly sprung: () => void } | null = null;
  const set = (text: string, delivered: boolean) =>
    new Promise<void>((sprung) => {
      trap = { text, delivered, sprung };
    });
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    let muted = false;
    near.on('data', (bytes) => {
      const caught = trap !== null && bytes.includes(trap.text) ? trap : null;
      if (caught !== null) {
        trap = null;
        muted = true;
        if (!caught.delivered) return caught.sprung();
        far.once('data', () => {
          near.destroy();
          far.destroy();
          caught.sprung();
        });
      }
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!muted) near.write(bytes);
    });
    for (const [socket, other] of [pair, [far, near] as const]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const cutAll = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    port,
    loseAnswerTo: (text) => set(text, true),
    swallow: (text) => set(text, false),
    cutAll,
    async close() {
      cutAll();
      await new Promise((done) => server.close(done));
    },
  };
}

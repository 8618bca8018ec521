import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on this machine that can lose answers and cut connections, as networks do. */
export interface CuttingProxy {
  readonly port: number;
  /** The next request that holds this text still arrives, but its answer does not: the connection ends in its place. */
  loseAnswerTo(text: string): Promise<void>;
  /** Cuts every connection as it is. */
  cutAll(): void;
  close(): Promise<void>;
}

export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let losing: { readonly text: string; readonly lost: () => void } | null = null;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    let muted = false;
    near.on('data', (bytes) => {
      const request = losing;
      if (request !== null && bytes.includes(request.text)) {
        losing = null;
        muted = true;
        far.once('data', () => {
          near.destroy();
          far.destroy();
          request.lost();
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
    loseAnswerTo: (text) =>
      new Promise((lost) => {
        losing = { text, lost };
      }),
    cutAll,
    async close() {
      cutAll();
      await new Promise((done) => server.close(done));
    },
  };
}

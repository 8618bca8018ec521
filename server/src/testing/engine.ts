import { connect, type Socket } from 'node:net';
import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import { silentLogger } from '@concord/platform/observability/logger';
import { createEngine, type EngineName, type Exchange, type Handle } from '../gateway/engine/index.ts';

/** An engine alone, on a free loopback port, with a handler of the test's own. */
export interface TestEngine {
  readonly url: string;
  readonly port: number;
  /** Sends bytes as they are; collects what comes back until the connection ends or `enough` says so. */
  talk(bytes: string, enough?: (answer: string) => boolean): Promise<string>;
  /** A connection on which nothing is read yet. */
  connect(bytes: string): Socket;
  close(lastCallsMs?: number): Promise<void>;
}

export async function startTestEngine(
  name: EngineName,
  handle: (exchange: Exchange) => Promise<void> | void,
  host = '127.0.0.1',
): Promise<TestEngine> {
  const engine = createEngine(name, { clock: systemClock, logger: silentLogger });
  const asHandle: Handle = async (exchange) => handle(exchange);
  const port = await engine.listen(host, 0, asHandle);
  const open = (bytes: string) => {
    const socket = connect(port, host);
    socket.on('error', () => {});
    socket.write(bytes);
    return socket;
  };
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    connect: open,
    talk: (bytes, enough = () => false) =>
      new Promise((resolve) => {
        const socket = open(bytes);
        let answer = '';
        socket.on('data', (piece: Buffer) => {
          answer += piece.toString('latin1');
          if (enough(answer)) socket.destroy();
        });
        socket.once('close', () => resolve(answer));
      }),
    close: (lastCallsMs = 0) => engine.close(lastCallsMs),
  };
}

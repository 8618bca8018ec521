import { cpuSeconds, machineSeconds } from './procfs.ts';

/** One measurement: named figures, and how much of the machine went to somebody else meanwhile. */
export interface Measured {
  readonly workload: string;
  readonly figures: Readonly<Record<string, number>>;
  /** Cores that neither the server nor the generator had while busy; above a limit the measurement is dropped. */
  readonly othersCores: number;
}

/** What was used between `begin` and `end`. */
export interface Usage {
  readonly seconds: number;
  /** Processor seconds of the server, all its processes and threads. */
  readonly server: number;
  readonly serverCores: number;
  readonly generatorCores: number;
  readonly othersCores: number;
}

export interface Meter {
  begin(): void;
  end(): void;
  readonly figures: () => Usage;
}

/** Notes what the server, the generator and everybody else use. */
export function createMeter(pids: readonly number[]): Meter {
  const now = () => ({
    at: performance.now(),
    server: pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
    generator: cpuSeconds(process.pid),
    ...machineSeconds(),
  });
  let from = now();
  let to = from;
  return {
    begin: () => {
      from = now();
    },
    end: () => {
      to = now();
    },
    figures() {
      const seconds = (to.at - from.at) / 1000;
      const server = to.server - from.server;
      const generator = to.generator - from.generator;
      const all = to.busy - from.busy + to.stolen - from.stolen;
      return {
        seconds,
        server,
        serverCores: server / seconds,
        generatorCores: generator / seconds,
        othersCores: Math.max(0, all - server - generator) / seconds,
      };
    },
  };
}

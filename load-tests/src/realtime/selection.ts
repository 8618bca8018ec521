import { type LoadSession, loadSessions } from './load-sessions.ts';

const others = ['idle', 'storm', 'store', 'soak'] as const;

export interface Selection {
  readonly loads: readonly LoadSession[];
  readonly others: readonly (typeof others)[number][];
  /** Servers that were named; none means all. */
  readonly servers: readonly string[];
}

/**
 * What `--only` asks for: names of servers, sessions and single loads in any order. Of a kind that no name is of, everything;
 * `quick` leaves the 200 rooms out then. Throws for a name that there is not.
 */
export function select(names: readonly string[], quick: boolean, servers: readonly string[]): Selection {
  const named = (name: string) => names.includes(name);
  const known = [
    ...servers,
    ...others,
    ...loadSessions.flatMap(({ id, loads }) => [id, ...loads.map(({ workload }) => workload)]),
  ];
  for (const name of names)
    if (!known.includes(name))
      throw new Error(`--only ${name}: there is no such thing. There are: ${known.join(', ')}`);
  const all = !names.some((name) => !servers.includes(name));
  const loads = loadSessions
    .filter(({ id }) => !(quick && all && id === '200x5'))
    .map((session) =>
      all || named(session.id)
        ? session
        : { ...session, loads: session.loads.filter(({ workload }) => named(workload)) },
    )
    .filter((session) => session.loads.length > 0);
  return {
    loads,
    others: others.filter((name) => all || named(name)),
    servers: servers.filter(named),
  };
}

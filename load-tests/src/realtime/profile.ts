import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly children?: readonly number[];
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Where the time of each thread went: by package, by function, and by function with all it called. */
export function summarizeProfiles(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .map(
      (name) =>
        `\n${name}\n${summarizeProfile(JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile)}`,
    )
    .join('\n');
}

export function summarizeProfile({ nodes, samples, timeDeltas }: CpuProfile): string {
  const own = new Map<number, number>();
  samples.forEach((id, i) => {
    own.set(id, (own.get(id) ?? 0) + timeDeltas[i]! / 1e6);
  });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  const whole = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, seconds: number) =>
    to.set(key, (to.get(key) ?? 0) + seconds);

  /** Seconds of a call and all below it; a function below itself counts once. */
  function walk(id: number, above: ReadonlySet<string>): number {
    const { callFrame, children } = byId.get(id)!;
    const { functionName, url, lineNumber } = callFrame;
    if (functionName === '(idle)') return 0;
    const owner = ownerOf(url, functionName);
    const name = `${functionName || '(anonymous)'} ${owner}${url === '' ? '' : `:${lineNumber + 1}`}`;
    const self = own.get(id) ?? 0;
    add(packages, owner, self);
    add(functions, name, self);
    const within = new Set(above).add(name);
    const total = (children ?? []).reduce((sum, child) => sum + walk(child, within), self);
    if (!above.has(name)) add(whole, name, total);
    return total;
  }
  const busy = walk(nodes[0]!.id, new Set());
  const lines = (title: string, from: Map<string, number>, most: number) => [
    `  -- ${title}`,
    ...[...from]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(
        ([name, s]) =>
          `${((100 * s) / busy).toFixed(1).padStart(6)} %  ${s.toFixed(2).padStart(6)} s  ${name}`,
      ),
  ];
  return [
    `busy ${busy.toFixed(2)} s`,
    ...lines('by package', packages, 20),
    ...lines('by function', functions, 40),
    ...lines('by function, with all it called', whole, 70),
  ].join('\n');
}

/** The package a script belongs to, the file of ours, or what V8 calls its own work. */
function ownerOf(url: string, functionName: string): string {
  const inModules = url.lastIndexOf('node_modules/');
  if (inModules >= 0) {
    const parts = url.slice(inModules + 'node_modules/'.length).split('/');
    return parts[0]!.startsWith('@') ? `${parts[0]}/${parts[1]}` : parts[0]!;
  }
  if (url.startsWith('node:')) return url;
  if (url === '') return functionName.startsWith('(') ? functionName : 'native';
  return url.split('/').slice(-2).join('/');
}

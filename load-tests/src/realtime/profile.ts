import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SHOWN = 40;

/** Where the time of each thread went: seconds in functions themselves, those with the most first, and the same by package. */
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
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, i) => {
    const { functionName, url, lineNumber } = byId.get(id)!;
    const seconds = timeDeltas[i]! / 1e6;
    if (functionName === '(idle)') return;
    busy += seconds;
    const owner = ownerOf(url, functionName);
    const name = `${functionName || '(anonymous)'} ${owner}${url === '' ? '' : `:${lineNumber + 1}`}`;
    functions.set(name, (functions.get(name) ?? 0) + seconds);
    packages.set(owner, (packages.get(owner) ?? 0) + seconds);
  });
  const lines = (from: Map<string, number>, most: number) =>
    [...from]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(
        ([name, s]) =>
          `  ${((100 * s) / busy).toFixed(1).padStart(5)} %  ${s.toFixed(2).padStart(6)} s  ${name}`,
      );
  return [
    `busy ${busy.toFixed(2)} s`,
    ...lines(packages, 20),
    ' by function',
    ...lines(functions, SHOWN),
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

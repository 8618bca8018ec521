import type { ExportSource } from './export-version.ts';

/** One record a line, as the tree holds it: canonical JSON, checked by hash when it was read. */
export async function* writeJsonLines(source: ExportSource): AsyncGenerator<string> {
  for await (const batch of source.batches()) yield `${batch.join('\n')}\n`;
}

/** The same records as one array, one a line. */
export async function* writeJson(source: ExportSource): AsyncGenerator<string> {
  let before = '[\n';
  for await (const batch of source.batches()) {
    yield before + batch.join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** Where a command's answer goes: JSON for programs, words for people. Progress and problems go to standard error. */
export interface Output {
  readonly json: boolean;
  /** The command's answer: `value` as one line of JSON, or `text`. */
  result(value: unknown, text: string): void;
  /** A line for people only. */
  note(text: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result: (value, text) => process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`),
    note: (text) => {
      if (!json) process.stderr.write(`${text}\n`);
    },
  };
}

/** Rows under their names, padded so that they stand below each other. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length)));
  return all
    .map((row) => row.map((cell, i) => cell.padEnd(i === row.length - 1 ? 0 : (widths[i] ?? 0))).join('  '))
    .join('\n');
}

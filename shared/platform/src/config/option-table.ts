import { ConcordError } from '@concord/core/errors/concord-error';
import type { z } from 'zod';

/** One option: everything that --help, .env.example and the documents say about it stands here. */
export interface OptionRow<T> {
  /** On the command line: `--name`. */
  readonly flag: string;
  /** In the environment. */
  readonly env: string;
  readonly help: string;
  /** What stands after the flag in --help; null for an on/off flag, which also has `--no-<flag>`. */
  readonly value: string | null;
  /** As it would be typed. */
  readonly fallback: string;
  /** What to write, for the error message. */
  readonly remedy: string;
  readonly parse: z.ZodType<T, string>;
  /** Its values may hold a password: errors show only the scheme. */
  readonly url?: boolean;
}

/** A row, with its type taken from its parser. */
export function option<T>(row: OptionRow<T>): OptionRow<T> {
  return row;
}

export type OptionTable = Readonly<Record<string, OptionRow<unknown>>>;
export type OptionValues<Table extends OptionTable> = {
  readonly [K in keyof Table]: Table[K] extends OptionRow<infer T> ? T : never;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every option of the table: the command line wins over the environment, that over the default.
 * An empty environment variable counts as not set. Throws `input.invalid` naming option, value and remedy.
 */
export function readOptions<Table extends OptionTable>(
  table: Table,
  argv: readonly string[],
  env: Environment,
): OptionValues<Table> {
  const typed = readArguments(table, argv);
  const values: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(table)) {
    const fromEnv = env[row.env];
    const given = typed.get(name) ?? (fromEnv === undefined || fromEnv === '' ? undefined : fromEnv);
    const where = typed.has(name) ? `--${row.flag}` : row.env;
    const result = row.parse.safeParse(given ?? row.fallback);
    if (!result.success) {
      const why = result.error.issues[0]?.message ?? 'is not valid';
      throw refused(where, shown(row, given ?? row.fallback), why, row.remedy);
    }
    values[name] = result.data;
  }
  return values as OptionValues<Table>;
}

function readArguments(table: OptionTable, argv: readonly string[]): Map<string, string> {
  const rows = new Map(Object.entries(table).map(([name, row]) => [row.flag, { name, row }]));
  const typed = new Map<string, string>();
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (!word.startsWith('--')) {
      throw refused(word, word, 'is not an option', 'Options start with --; see --help.');
    }
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const negated = flag.startsWith('no-') ? rows.get(flag.slice(3)) : undefined;
    if (negated !== undefined && negated.row.value === null && equals < 0) {
      typed.set(negated.name, 'off');
      continue;
    }
    const known = rows.get(flag);
    if (known === undefined) throw refused(word, word, 'is not an option', nearest(flag, [...rows.keys()]));
    if (equals >= 0) typed.set(known.name, word.slice(equals + 1));
    else if (known.row.value === null) typed.set(known.name, 'on');
    else {
      const next = argv[at + 1];
      if (next === undefined || next.startsWith('--')) {
        throw refused(word, '', 'has no value', known.row.remedy);
      }
      typed.set(known.name, next);
      at += 1;
    }
  }
  return typed;
}

function refused(where: string, value: string, why: string, remedy: string): ConcordError {
  const got = value === '' || value === where ? '' : ` (got ${JSON.stringify(value)})`;
  return new ConcordError('input.invalid', `${where} ${why}${got}. ${remedy}`, [
    { path: where, message: why, value, remedy },
  ]);
}

/** The value without what may be a password. */
function shown(row: OptionRow<unknown>, value: string): string {
  if (row.url !== true) return value;
  return value.replace(/\/\/[^@/]*@/, '//…@');
}

function nearest(flag: string, flags: readonly string[]): string {
  const close = flags.filter((known) => distance(flag, known) <= 2).map((known) => `--${known}`);
  return close.length > 0 ? `Did you mean ${close.join(' or ')}?` : 'See --help for what there is.';
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

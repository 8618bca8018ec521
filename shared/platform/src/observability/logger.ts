import { pino } from 'pino';
import { prettyLines } from './pretty.ts';

/** One line: fields first, then the message in words; or the message alone. An `err` field is written with its stack. */
export interface LogLine {
  (fields: object, message?: string): void;
  (message: string): void;
}

/** What parts log to. Made once per process; `child` adds fields to every line of a part. */
export interface Logger {
  readonly trace: LogLine;
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
  readonly fatal: LogLine;
  child(fields: Record<string, unknown>): Logger;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const secretNames = ['password', 'token', 'key', 'authorization', 'cookie', 'secret'] as const;

/** Paths pino blanks: the secret names at the top, one and two levels down, and as HTTP headers are nested. */
const redactPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Lines for a person's eyes instead of JSON. */
  readonly pretty?: boolean;
  /** Where the lines go; standard output when left out. */
  readonly write?: (line: string) => void;
}

/** Writes one JSON object a line (or pretty lines). Values under password, token, key, authorization, cookie and secret are blanked. */
export function createLogger(options: LoggerOptions): Logger {
  const write = options.write ?? ((line: string) => process.stdout.write(line));
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactPaths, censor: '[hidden]' },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    { write: options.pretty === true ? (line) => write(prettyLines(line)) : write },
  );
}

/** Says nothing: for tests and for tools whose output is their answer. */
export const silentLogger: Logger = createLogger({ level: 'silent' });

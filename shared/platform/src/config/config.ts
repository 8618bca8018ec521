import { type Environment, type OptionValues, readOptions } from './option-table.ts';
import { renderEnvExample, renderHelp, renderMarkdown } from './option-text.ts';
import { serverOptions, workerOptions } from './options.ts';

/** The server's settings, parsed. `data` is an absolute path; `publicUrl` has no slash at its end. */
export type Config = OptionValues<typeof serverOptions>;
/** A worker's settings. */
export type WorkerConfig = OptionValues<typeof workerOptions>;

/**
 * Reads the server's settings from a command line (without node and script) and the environment.
 * Throws `input.invalid` with one line that names option, value and remedy.
 */
export function loadConfig(argv: readonly string[] = [], env: Environment = process.env): Config {
  return readOptions(serverOptions, argv, env);
}

export function loadWorkerConfig(argv: readonly string[] = [], env: Environment = process.env): WorkerConfig {
  return readOptions(workerOptions, argv, env);
}

/** The paths of the embedded adapters in a data folder. */
export function dataFiles(data: string): {
  readonly store: string;
  readonly bus: string;
  readonly blobs: string;
} {
  return { store: `${data}/concord.db`, bus: `${data}/bus.db`, blobs: `${data}/blobs` };
}

export const configHelp = (): string => renderHelp(serverOptions);
export const workerHelp = (): string => renderHelp(workerOptions);
export const configEnvExample = (): string => renderEnvExample({ ...serverOptions, ...workerOptions });
export const configMarkdown = (): string => renderMarkdown({ ...serverOptions, ...workerOptions });

import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Exchange, Headers } from '../engine/index.ts';
import { matches } from './respond.ts';
import { pagePolicy } from './security-headers.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
};

interface Variant {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoding: 'br' | 'gzip' | null;
}
interface StaticFile {
  readonly variants: readonly Variant[];
  readonly etag: string;
}

/** Answers a call for an address, which is decoded where it can be. */
export type ClientFiles = (exchange: Exchange, address: string) => Promise<void>;

/**
 * Serves the built page: files by name, precompressed where the build made `.br` or `.gz`, those under /assets/
 * (named by content) for ever; every other address without a file's ending is the page itself, which finds its own way.
 * Files are read once; a new build needs a restart.
 */
export function createClientFiles(
  clientDir: string | null,
  headers: Headers,
  addresses: () => readonly string[],
): ClientFiles {
  const names = clientDir === null ? new Set<string>() : listFiles(clientDir);
  const loaded = new Map<string, Promise<StaticFile>>();

  async function load(name: string): Promise<StaticFile> {
    const read = async (suffix: string, encoding: Variant['encoding']): Promise<Variant> => ({
      bytes: new Uint8Array(await readFile(join(clientDir ?? '', name + suffix))),
      encoding,
    });
    const variants = await Promise.all([
      ...(names.has(`${name}.br`) ? [read('.br', 'br')] : []),
      ...(names.has(`${name}.gz`) ? [read('.gz', 'gzip')] : []),
      read('', null),
    ]);
    const plain = variants.at(-1)?.bytes ?? new Uint8Array();
    return { variants, etag: `"${createHash('sha256').update(plain).digest('hex').slice(0, 20)}"` };
  }

  return async (exchange, address) => {
    const path = decoded(address).slice(1);
    const text = { ...headers, 'content-type': 'text/plain; charset=utf-8' };
    const name = names.has(path) ? path : extname(path) === '' ? 'index.html' : null;
    if (name === null) {
      exchange.answer(404, text, 'Not found\n');
      return;
    }
    if (!names.has(name)) {
      const how = 'The page is not built yet: run `npm run build`. The API is at /api/v1/docs.\n';
      exchange.answer(503, text, how);
      return;
    }
    const file = loaded.get(name) ?? load(name);
    loaded.set(name, file);
    const { variants, etag } = await file;
    const accepted = exchange.header('accept-encoding') ?? '';
    const variant = variants.find((v) => v.encoding === null || accepted.includes(v.encoding));
    const all: Record<string, string> = {
      ...headers,
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag,
      vary: 'accept-encoding',
    };
    if (name.endsWith('.html')) all['content-security-policy'] = pagePolicy(addresses());
    if (matches(exchange.header('if-none-match'), etag)) {
      exchange.answer(304, all, null);
      return;
    }
    if (variant?.encoding) all['content-encoding'] = variant.encoding;
    exchange.answer(200, all, variant?.bytes ?? '');
  };
}

/** An address that is not well encoded names no file. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Paths of all files below a folder, with slashes; nothing outside it can be named. */
function listFiles(folder: string): Set<string> {
  if (!existsSync(folder)) return new Set();
  return new Set(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')),
  );
}

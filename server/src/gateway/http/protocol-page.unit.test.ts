import { readFileSync } from 'node:fs';
import { errorTable } from '@concord/core/errors/concord-error';
import { socketLimits } from '@concord/core/protocol/limits';
import { suggestionInput } from '@concord/core/protocol/resources';
import { routes } from '@concord/core/protocol/routes';
import type { UserId } from '@concord/core/records/ids';
import { layerOf, newRoom } from '@concord/core/rooms/apply';
import { limits } from '@concord/core/rooms/check';
import { clientOp, logEntry, serverOp } from '@concord/core/rooms/op';
import { expect, it } from 'vitest';
import type { z } from 'zod';

const page = readFileSync(new URL('../../../../docs/protocol.md', import.meta.url), 'utf8');

/** The rows of the first table below a heading, each as its cells. */
function tableBelow(heading: string): string[][] {
  const start = page.indexOf(`\n${heading}\n`);
  expect(start, heading).toBeGreaterThan(0);
  const rows: string[][] = [];
  for (const line of page.slice(start + heading.length + 2).split('\n')) {
    const row = line.trim();
    if (row.startsWith('|')) rows.push(row.split(' | ').map((cell) => cell.replaceAll('|', '').trim()));
    else if (rows.length > 0) break;
  }
  return rows.slice(2);
}
const named = (cell = ''): string[] => [...cell.matchAll(/`([a-zA-Z]+)\??`/g)].map((match) => match[1]!);
const fieldsIn = (heading: string) => tableBelow(heading).map(([first]) => named(first)[0]);

type Shape = { readonly shape: Readonly<Record<string, z.ZodType>> };
const keysOf = (schema: unknown) => Object.keys((schema as Shape).shape);
const kindsOf = (union: { readonly options: readonly unknown[] }) =>
  union.options.map((option) => {
    const { t, ...fields } = (option as Shape).shape;
    return [(t as unknown as { value: string }).value, Object.keys(fields)];
  });

it.each([
  ['#### A log entry', keysOf(logEntry)],
  ['#### LayerState', Object.keys(layerOf(newRoom(), 'usr_a' as UserId))],
  ['#### Registering a model', keysOf(routes['models.put'].body)],
  ['#### A suggestion', keysOf(suggestionInput)],
])('docs/protocol.md: %s names every field there is and no other', (heading, fields) => {
  expect(fieldsIn(heading).sort()).toEqual([...fields].sort());
});

it('docs/protocol.md: the tables of ops name every op and its fields', () => {
  const inTable = (heading: string) =>
    tableBelow(heading).map(([op, fields]) => [named(op)[0], named(fields)]);
  const sorted = (all: unknown[]) =>
    (all as [string, string[]][]).map(([t, fields]) => [t, [...fields].sort()]).sort();
  expect(sorted(inTable("#### The server's own ops"))).toEqual(sorted(kindsOf(serverOp)));
  expect(sorted(inTable('### room:ops → OpsReply'))).toEqual(sorted(kindsOf(clientOp)));
});

it('docs/protocol.md: the table of models says the defaults', () => {
  const body = routes['models.put'].body.parse({ kind: 'external' }) as Record<string, unknown>;
  for (const [field, , fallback] of tableBelow('#### Registering a model'))
    if (fallback !== '') expect(String(body[named(field)[0]!])).toBe(fallback);
});

it('docs/protocol.md: every error code has its line', () => {
  const heading = '  Decide by `code`; `retry` says whether the same call may succeed later. The codes:';
  const rows = tableBelow(heading).flatMap(([codes, status, retry]) =>
    [...codes!.matchAll(/`([a-z._]+)`/g)].map((match) => [match[1], Number(status), retry === 'yes']),
  );
  expect(rows.sort()).toEqual(
    Object.entries(errorTable)
      .map(([code, { status, retry }]) => [code, status, retry])
      .sort(),
  );
});

it('docs/protocol.md: the limits are those of the server', () => {
  const text = tableBelow('### Limits').flat().join(' ').replaceAll(',', '');
  const MiB = 1024 * 1024;
  const { messages, ops, bytes } = socketLimits;
  for (const said of [
    `a message ${socketLimits.messageBytes / MiB} MiB`,
    `ops in a message ${socketLimits.opsInMessage} `,
    `messages ${messages.perSecond} a second ${messages.burst} at once`,
    `ops ${ops.perSecond} a second ${ops.burst} at once`,
    `bytes ${bytes.perSecond / MiB} MiB a second ${bytes.burst / MiB} MiB at once`,
    `refused messages ${socketLimits.refusals} forgiven at ${messages.perSecond} a second`,
    `sockets of one account ${socketLimits.accountSockets} a node`,
    `rooms of a connection ${socketLimits.rooms} `,
    `connections in a room ${socketLimits.roomConnections} a node`,
    `a layer ${limits.regions} regions ${limits.comments} comments ${limits.answers} answers ${limits.layerSize / MiB} MiB`,
    `a region ${limits.attrs} attributes ${limits.regionSize} characters`,
    `waiting for a receiver ${socketLimits.behindBytes / MiB} MiB`,
    ` ${socketLimits.waitingBytes / MiB} MiB ends the connection`,
  ])
    expect(text.replace(/\s+/g, ' ')).toContain(said);
});

import { readFileSync } from 'node:fs';
import { MINIMUM_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@concord/core/protocol/version';
import { describe, expect, test } from 'vitest';
import { startTestServer } from '../../testing/server.ts';
import { playSession, recordedSession, type Step } from '../../testing/session-player.ts';
import { enginesHere } from '../engine/index.ts';

/**
 * Version 1 was recorded with the last server that spoke nothing newer, before version 2 came; version 2 with the first
 * that was held to this. A recording is never changed: a new version gets one of its own.
 */
const sessionOf = (version: number) =>
  recordedSession.parse(
    JSON.parse(readFileSync(new URL(`recorded-sessions/version-${version}.json`, import.meta.url), 'utf8')),
  );
const versions = Array.from(
  { length: PROTOCOL_VERSION - MINIMUM_PROTOCOL_VERSION + 1 },
  (_, i) => MINIMUM_PROTOCOL_VERSION + i,
);

/** What one connection heard in a step. */
const heardBy = ({ heard = [] }: Step, by: string) => heard.filter(({ to }) => to === by);

describe.each(enginesHere())('clients of every version, on %s', (engine) => {
  test.each(versions)('[PR4] [PR5] version %i: a recorded session goes as it went', async (version) => {
    const session = sessionOf(version);
    const server = await startTestServer({ engine });
    try {
      const played = await playSession(server, session);
      for (const [i, was] of session.steps.entries()) {
        const now = played[i]!;
        const place = `step ${i}, ${was.by} ${was.event}`;
        // Answers may have gained fields; what was there is as it was.
        if (was.reply !== undefined)
          expect({ place, reply: now.reply }).toMatchObject({ place, reply: was.reply });
        for (const to of new Set(was.heard?.map((one) => one.to)))
          expect({ place, heard: heardBy(now, to) }).toMatchObject({ place, heard: heardBy(was, to) });
      }
    } finally {
      await server.close();
    }
  });
});

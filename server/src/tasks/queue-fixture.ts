import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Modality } from '@concord/core/modalities/modality';
import { defaultRules, type Project } from '@concord/core/records/project';
import type { Role, User } from '@concord/core/records/user';
import { createLocalFanout } from '@concord/platform/adapters/fanout-local/fanout-local';
import { createSqliteStore } from '@concord/platform/adapters/store-sqlite/store-sqlite';
import { silentLogger } from '@concord/platform/observability/logger';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus } from '@concord/platform/ports/bus';
import type { Store } from '@concord/platform/ports/store';
import { createVirtualClock, type VirtualClock } from '@concord/platform/testing/clock-virtual';
import { createSeededRandomness } from '@concord/platform/testing/random-seeded';
import { createLive } from '../live.ts';
import type { Platform } from '../platform.ts';
import type { ProjectSource } from './needs.ts';
import { createTasks, type Tasks } from './tasks.ts';

/** For tests of the queue: a real store in a folder of its own, a clock that stands still, one project. */
export interface QueueFixture {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly platform: Platform;
  readonly tasks: Tasks;
  readonly project: () => Project;
  change(patch: Partial<Project>): void;
  /** Adds `count` texts. */
  fill(count: number): Promise<void>;
  /** Another server node on the same store; it hears nothing of this one. */
  node(): Tasks;
  close(): Promise<void>;
}

export function person(name: string, role: Role = 'annotator'): User {
  return {
    id: `usr_${name}`,
    name,
    display: name,
    role,
    active: true,
    passwordHash: null,
    color: '#3b82f6',
    createdAt: 0,
  };
}

const nothing = new Proxy({}, { get: () => () => Promise.reject(new Error('not part of this test')) });

export async function createQueueFixture(patch: Partial<Project> = {}): Promise<QueueFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-queue-'));
  const store = createSqliteStore({ file: join(folder, 'concord.db'), writes: 'inline' });
  const clock = createVirtualClock();
  let project: Project = {
    id: 'prj_test',
    name: 'Test',
    description: '',
    schema: { version: 1, modality: 'plain', classes: [{ name: 'yes', color: '#22c55e' }] },
    guidelines: '',
    guidelinesVersion: 1,
    visibility: 'blind-then-open',
    suggestions: true,
    rules: defaultRules,
    queueOrder: 'sequential',
    retrainEvery: 0,
    attribution: '',
    archived: false,
    createdBy: 'usr_lead',
    createdAt: clock.now(),
    ...patch,
  };
  const listeners = new Set<(after: Project, before: Project) => void>();
  const projects: ProjectSource = {
    get: async () => ({ record: project, rev: 1 }),
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const plain = {
    preview: (data: Record<string, unknown>) => String(data['text'] ?? ''),
  } as unknown as Modality;
  const fanout = createLocalFanout();
  const platform: Platform = {
    store,
    clock,
    bus: nothing as Bus,
    blobs: nothing as Blobs,
    fanout,
    random: createSeededRandomness(7),
    modalities: new Map([['plain', plain]]),
    logger: silentLogger,
    live: createLive(fanout),
  };
  const nodes: Tasks[] = [];
  const node = () => {
    const made = createTasks(platform, projects);
    nodes.push(made);
    return made;
  };
  const tasks = node();
  return {
    store,
    clock,
    platform,
    tasks,
    node,
    project: () => project,
    change(next) {
      const before = project;
      project = { ...project, ...next };
      for (const listener of listeners) listener(project, before);
    },
    async fill(count) {
      for (let from = 0; from < count; from += 500) {
        const size = Math.min(500, count - from);
        await tasks.add(
          project.id,
          Array.from({ length: size }, (_, n) => ({ data: { text: `text ${from + n + 1}` }, meta: {} })),
        );
      }
    },
    async close() {
      await Promise.all(nodes.map((n) => n.close()));
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

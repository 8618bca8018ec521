import { routes } from '@concord/core/protocol/routes';
import { type Role, role } from '@concord/core/records/user';
import { describe, expect, it } from 'vitest';
import { type Ability, may } from './permissions.ts';

/** The call behind each ability: the page may not offer what the server refuses, nor hide what it allows people. */
const behind: Record<Ability, keyof typeof routes> = {
  label: 'tasks.next',
  review: 'disputes.list',
  'see-quality': 'projects.quality',
  'see-data': 'tasks.history',
  'manage-projects': 'projects.create',
  'see-people': 'users.list',
  invite: 'invites.create',
  'manage-people': 'users.update',
  'read-datasets': 'datasets.list',
  'export-tasks': 'exports.tasks',
};

describe('may', () => {
  for (const [ability, name] of Object.entries(behind) as [Ability, keyof typeof routes][])
    it(`${ability} goes with who may call ${name}`, () => {
      const access = routes[name].access as readonly Role[];
      for (const r of role.options)
        expect([r, may(r, ability)]).toEqual([r, r === 'admin' || access.includes(r)]);
    });

  it('offers nothing to nobody', () => {
    expect(may(undefined, 'label')).toBe(false);
  });
});

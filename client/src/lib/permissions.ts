import type { Role } from '@concord/core/records/user';

/** What the page offers. The server decides what is allowed; this only keeps useless buttons away. */
export type Ability =
  | 'label'
  | 'review'
  | 'see-quality'
  | 'see-data'
  | 'manage-projects'
  | 'see-people'
  | 'invite'
  | 'manage-people'
  | 'read-datasets'
  | 'export-tasks';

const abilities: Record<Role, readonly Ability[]> = {
  annotator: ['label'],
  'super-reviewer': ['label', 'review', 'see-quality', 'see-data', 'see-people'],
  lead: [
    'label',
    'review',
    'see-quality',
    'see-data',
    'manage-projects',
    'see-people',
    'invite',
    'read-datasets',
    'export-tasks',
  ],
  admin: [
    'label',
    'review',
    'see-quality',
    'see-data',
    'manage-projects',
    'see-people',
    'invite',
    'manage-people',
    'read-datasets',
    'export-tasks',
  ],
  model: [],
  consumer: ['read-datasets'],
};

export function may(role: Role | undefined, ability: Ability): boolean {
  return role !== undefined && abilities[role].includes(ability);
}

export const roleNames: Record<Role, { title: string; does: string }> = {
  annotator: { title: 'Annotator', does: 'Labels tasks.' },
  'super-reviewer': { title: 'Super-reviewer', does: 'Labels, sees every layer, settles disputes.' },
  lead: { title: 'Lead', does: 'Sets projects up, imports data, invites people, exports.' },
  admin: { title: 'Administrator', does: 'Everything, including accounts and roles.' },
  model: { title: 'Model', does: 'A program that puts suggestions in rooms.' },
  consumer: { title: 'Consumer', does: 'A program that reads datasets and events.' },
};

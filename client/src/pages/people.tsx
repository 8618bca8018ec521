import type { PublicUser, Role } from '@concord/core/records/user';
import { createAsync, revalidate } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { call } from '../api/index.ts';
import { roleNames } from '../lib/permissions.ts';
import { readUsers } from '../reads/queries.ts';
import { iMay, me } from '../shell/session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Checkbox } from '../ui/field.tsx';
import { Page, PageHeader } from '../ui/page.tsx';
import { type Option, Select } from '../ui/select.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { showError, showToast } from '../ui/toast.tsx';
import { Invites } from './people-invites.tsx';
import { ResetPassword } from './people-reset.tsx';

function options<R extends Role>(roles: readonly R[]): readonly Option<R>[] {
  return roles.map((value) => ({ value, label: roleNames[value].title }));
}

/** Who works here, in which role, and links that let more people in. */
export function People() {
  const users = createAsync(() => readUsers());
  async function change(user: PublicUser, patch: { role?: Role; active?: boolean }): Promise<void> {
    try {
      await call('users.update', { params: { user: user.id }, body: patch });
      showToast('ok', `${user.display} was changed`);
    } catch (error) {
      showError(error);
    }
    await revalidate(readUsers.key);
  }
  return (
    <Page>
      <PageHeader title="People" />
      <Show when={iMay('invite')}>
        <Invites />
      </Show>
      <Table
        label="People"
        head={
          <>
            <Th>Person</Th>
            <Th class="max-sm:hidden">Sign-in name</Th>
            <Th>Role</Th>
            <Th>Active</Th>
            <Show when={iMay('manage-people')}>
              <Th class="max-sm:hidden">Password</Th>
            </Show>
          </>
        }
      >
        <For each={users() ?? []}>
          {(user) => (
            <tr>
              <Td>
                <span class="flex items-center gap-2">
                  <Avatar user={user} size={24} />
                  <span class="min-w-0 break-words">
                    {user.display}
                    <span class="block text-xs break-all text-ink-3 sm:hidden">{user.name}</span>
                    <Show when={iMay('manage-people')}>
                      <span class="-ml-2 block sm:hidden">
                        <ResetPassword user={user}>Password…</ResetPassword>
                      </span>
                    </Show>
                  </span>
                </span>
              </Td>
              <Td class="max-sm:hidden">{user.name}</Td>
              <Td>
                <Show
                  when={iMay('manage-people') && user.id !== me().id}
                  fallback={roleNames[user.role].title}
                >
                  <Select
                    class="w-32! sm:w-44!"
                    label={`Role of ${user.display}`}
                    value={user.role}
                    options={options(Object.keys(roleNames) as Role[])}
                    onChange={(role) => void change(user, { role })}
                  />
                </Show>
              </Td>
              <Td>
                <Checkbox
                  label={`${user.display} may sign in`}
                  hideLabel
                  checked={user.active}
                  disabled={!iMay('manage-people') || user.id === me().id}
                  onChange={(active) => void change(user, { active })}
                />
              </Td>
              <Show when={iMay('manage-people')}>
                <Td class="max-sm:hidden">
                  <ResetPassword user={user}>Reset…</ResetPassword>
                </Td>
              </Show>
            </tr>
          )}
        </For>
      </Table>
    </Page>
  );
}

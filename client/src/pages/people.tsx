import type { PublicUser, Role } from '@concord/core/records/user';
import { createAsync, revalidate } from '@solidjs/router';
import { createSignal, For, Show } from 'solid-js';
import { call } from '../api/index.ts';
import { roleNames } from '../lib/permissions.ts';
import { readUsers } from '../reads/queries.ts';
import { iMay, me } from '../shell/session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { CopyField } from '../ui/copy-field.tsx';
import { Checkbox } from '../ui/field.tsx';
import { Page, PageHeader, Section } from '../ui/page.tsx';
import { type Option, Select } from '../ui/select.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { showError, showToast } from '../ui/toast.tsx';

const invitable = ['annotator', 'super-reviewer', 'lead', 'admin'] as const;

function options<R extends Role>(roles: readonly R[]): readonly Option<R>[] {
  return roles.map((value) => ({ value, label: roleNames[value].title }));
}

/** Who works here, in which role, and links that let more people in. */
export function People() {
  const users = createAsync(() => readUsers());
  const [role, setRole] = createSignal<(typeof invitable)[number]>('annotator');
  const [link, setLink] = createSignal<string | null>(null);
  async function invite(): Promise<void> {
    try {
      const { path } = await call('invites.create', { body: { role: role() } });
      setLink(new URL(path, location.href).href);
    } catch (error) {
      showError(error);
    }
  }
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
        <Section title="Invite somebody" note="a link for one person, good for seven days" class="mb-4">
          <div class="flex flex-wrap items-center gap-3">
            <Select
              class="w-44!"
              label="Role"
              value={role()}
              options={options(invitable)}
              onChange={setRole}
            />
            <Button kind="primary" onClick={() => void invite()}>
              Make a link
            </Button>
          </div>
          <Show when={link()}>
            {(url) => (
              <div class="mt-3 max-w-2xl">
                <CopyField label="Invite link" value={url()} />
                <p class="mt-1.5 text-sm text-ink-3">
                  Send it to the person it is for. It works once and is not shown again.
                </p>
              </div>
            )}
          </Show>
        </Section>
      </Show>
      <Table
        label="People"
        head={
          <>
            <Th>Person</Th>
            <Th class="max-sm:hidden">Sign-in name</Th>
            <Th>Role</Th>
            <Th>Active</Th>
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
            </tr>
          )}
        </For>
      </Table>
    </Page>
  );
}

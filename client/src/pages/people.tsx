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
import { Page, PageHeader, Section } from '../ui/page.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { showError, showToast } from '../ui/toast.tsx';

const invitable = ['annotator', 'super-reviewer', 'lead', 'admin'] as const;

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
            <select
              class="h-9 rounded-md border border-line bg-surface px-2"
              aria-label="Role"
              value={role()}
              onChange={(e) => setRole(e.currentTarget.value as 'annotator')}
            >
              <For each={invitable}>{(r) => <option value={r}>{roleNames[r].title}</option>}</For>
            </select>
            <Button kind="primary" onClick={() => void invite()}>
              Make a link
            </Button>
          </div>
          <Show when={link()}>{(url) => <CopyField label="Invite link" value={url()} />}</Show>
        </Section>
      </Show>
      <Table
        label="People"
        head={
          <>
            <Th>Person</Th>
            <Th>Sign-in name</Th>
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
                  {user.display}
                </span>
              </Td>
              <Td>{user.name}</Td>
              <Td>
                <Show
                  when={iMay('manage-people') && user.id !== me().id}
                  fallback={roleNames[user.role].title}
                >
                  <select
                    class="h-8 rounded-md border border-line bg-surface px-2"
                    aria-label={`Role of ${user.display}`}
                    value={user.role}
                    onChange={(e) => void change(user, { role: e.currentTarget.value as Role })}
                  >
                    <For each={Object.keys(roleNames) as Role[]}>
                      {(r) => <option value={r}>{roleNames[r].title}</option>}
                    </For>
                  </select>
                </Show>
              </Td>
              <Td>
                <input
                  type="checkbox"
                  aria-label={`${user.display} may sign in`}
                  checked={user.active}
                  disabled={!iMay('manage-people') || user.id === me().id}
                  onChange={(e) => void change(user, { active: e.currentTarget.checked })}
                />
              </Td>
            </tr>
          )}
        </For>
      </Table>
    </Page>
  );
}

import type { Invite } from '@concord/core/records/user';
import { createAsync, revalidate } from '@solidjs/router';
import { createSignal, For, Show } from 'solid-js';
import { call } from '../api/index.ts';
import { dateTime } from '../lib/format.ts';
import { now } from '../lib/now.ts';
import { roleNames } from '../lib/permissions.ts';
import { readInvites } from '../reads/queries.ts';
import { iMay } from '../shell/session.ts';
import { Button } from '../ui/button.tsx';
import { CopyField } from '../ui/copy-field.tsx';
import { Section } from '../ui/page.tsx';
import { Select } from '../ui/select.tsx';
import { showError, showToast } from '../ui/toast.tsx';

const invitable = ['annotator', 'super-reviewer', 'lead', 'admin'] as const;

/** Makes links that let people in, and shows those that still do. */
export function Invites() {
  const invites = createAsync(() => readInvites());
  const open = () => (invites() ?? []).filter((i) => i.usedBy === null && i.expiresAt > now());
  const [role, setRole] = createSignal<(typeof invitable)[number]>('annotator');
  const [link, setLink] = createSignal<string | null>(null);

  async function invite(): Promise<void> {
    try {
      const { path } = await call('invites.create', { body: { role: role() } });
      setLink(new URL(path, location.href).href);
      await revalidate(readInvites.key);
    } catch (error) {
      showError(error);
    }
  }
  async function revoke(invite: Invite): Promise<void> {
    try {
      await call('invites.revoke', { params: { invite: invite.id } });
      setLink(null);
      showToast('ok', 'The link lets nobody in any more');
    } catch (error) {
      showError(error);
    }
    await revalidate(readInvites.key);
  }

  return (
    <Section title="Invite somebody" note="a link for one person, good for seven days" class="mb-4">
      <div class="flex flex-wrap items-center gap-3">
        <Select
          class="w-44!"
          label="Role"
          value={role()}
          options={invitable.map((value) => ({ value, label: roleNames[value].title }))}
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
      <Show when={open().length > 0}>
        <h3 class="mt-4 text-sm font-medium">Open links</h3>
        <ul class="mt-1 divide-y divide-line border-t border-line">
          <For each={open()}>
            {(invite) => (
              <li class="flex items-center gap-3 py-2">
                <span class="min-w-0 flex-1">
                  <span class="block truncate">
                    {roleNames[invite.role].title}
                    <Show when={invite.label !== 'invite'}> · {invite.label}</Show>
                  </span>
                  <span class="block text-sm text-ink-3">
                    made {dateTime(invite.createdAt)}, works until {dateTime(invite.expiresAt)}
                  </span>
                </span>
                <Show when={invite.role !== 'admin' || iMay('manage-people')}>
                  <Button size="sm" kind="quiet" onClick={() => void revoke(invite)}>
                    Take back
                  </Button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Section>
  );
}

import { createAsync, revalidate } from '@solidjs/router';
import KeyRound from 'lucide-solid/icons/key-round';
import LogOut from 'lucide-solid/icons/log-out';
import { createSignal, For, Show } from 'solid-js';
import { call } from '../api/index.ts';
import { ago } from '../lib/format.ts';
import { now } from '../lib/now.ts';
import { roleNames } from '../lib/permissions.ts';
import { chooseTheme, themeChoice } from '../lib/theme.ts';
import { readKeys } from '../reads/queries.ts';
import { me, signOut } from '../shell/session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { CopyField } from '../ui/copy-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input, Segments } from '../ui/field.tsx';
import { Page, PageHeader, Section } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';
import { showError, showToast } from '../ui/toast.tsx';
import { PasswordSection } from './password-section.tsx';

export function Account() {
  return (
    <Page width="narrow">
      <PageHeader
        title={
          <span class="flex items-center gap-3">
            <Avatar user={me()} size={40} />
            <span>
              <span class="block">{me().display}</span>
              <span class="block text-base font-normal tracking-normal text-ink-2">
                {me().name} · {roleNames[me().role].title}
              </span>
            </span>
          </span>
        }
        actions={
          <Button onClick={() => void signOut().catch(showError)}>
            <LogOut size={15} aria-hidden="true" />
            Sign out
          </Button>
        }
      />
      <div class="flex flex-col gap-4">
        <Section title="Theme" note="On this device">
          <div>
            <Segments
              label="Theme"
              value={themeChoice()}
              onChange={chooseTheme}
              choices={[
                { value: 'light', label: 'Light' },
                { value: 'dark', label: 'Dark' },
                { value: 'system', label: 'As the device' },
              ]}
            />
          </div>
        </Section>
        <PasswordSection />
        <Keys />
      </div>
    </Page>
  );
}

function Keys() {
  const keys = createAsync(() => readKeys());
  const [label, setLabel] = createSignal('');
  const [made, setMade] = createSignal<string | null>(null);
  const [revoking, setRevoking] = createSignal<{ id: string; label: string } | null>(null);
  const [busy, setBusy] = createSignal(false);

  async function run(work: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    try {
      await work();
      await revalidate(readKeys.key);
    } catch (error) {
      showError(error);
    } finally {
      setBusy(false);
    }
  }
  function create(event: SubmitEvent): void {
    event.preventDefault();
    void run(async () => {
      setMade((await call('keys.create', { body: { label: label().trim() } })).key);
      setLabel('');
    });
  }
  function revoke(): void {
    const key = revoking();
    if (!key) return;
    void run(async () => {
      await call('keys.delete', { params: { key: key.id } });
      setRevoking(null);
      showToast('ok', `Key “${key.label}” is revoked.`);
    });
  }

  return (
    <Section title="API keys" note="For programs that act as you">
      <form class="flex flex-wrap items-end gap-2" onSubmit={create}>
        <Field label="What for" class="min-w-0 flex-1 basis-56">
          {(ids) => (
            <Input
              {...ids}
              required
              maxlength={80}
              placeholder="e.g. nightly export"
              value={label()}
              onInput={(e) => setLabel(e.currentTarget.value)}
            />
          )}
        </Field>
        <Button type="submit" kind="primary" busy={busy()}>
          Make a key
        </Button>
      </form>
      <Show
        when={(keys()?.length ?? 0) > 0}
        fallback={
          <EmptyState icon={<KeyRound size={20} aria-hidden="true" />} title="No keys" class="pt-10 pb-6">
            A key lets a script import, label or export with your rights.
          </EmptyState>
        }
      >
        <ul class="mt-4 divide-y divide-line border-t border-line">
          <For each={keys()}>
            {(key) => (
              <li class="flex items-center gap-3 py-2.5">
                <KeyRound size={15} class="text-ink-3" aria-hidden="true" />
                <span class="min-w-0 flex-1">
                  <span class="block truncate font-medium">{key.label}</span>
                  <span class="block text-sm text-ink-3">
                    <code class="font-mono">{key.hint}</code> · made {ago(key.createdAt, now())}
                  </span>
                </span>
                <Button size="sm" kind="quiet" onClick={() => setRevoking(key)}>
                  Revoke
                </Button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Dialog
        open={made() !== null}
        onClose={() => setMade(null)}
        title="Your new key"
        description="Copy it now: it is shown this once and kept only as a hash."
        footer={
          <Button kind="primary" onClick={() => setMade(null)}>
            Done
          </Button>
        }
      >
        <CopyField value={made() ?? ''} label="API key" />
      </Dialog>
      <Dialog
        open={revoking() !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke “${revoking()?.label ?? ''}”?`}
        description="Programs that use it are refused from this moment on."
        footer={
          <>
            <Button onClick={() => setRevoking(null)}>Keep it</Button>
            <Button kind="danger" busy={busy()} onClick={revoke}>
              Revoke
            </Button>
          </>
        }
      />
    </Section>
  );
}

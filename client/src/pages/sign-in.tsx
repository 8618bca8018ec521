import { Navigate, useLocation } from '@solidjs/router';
import { createSignal, Show } from 'solid-js';
import { ApiError, messageOf } from '../api/index.ts';
import { returnAddress } from '../lib/return-address.ts';
import { EntryFrame } from '../shell/entry-frame.tsx';
import { currentUser, signIn } from '../shell/session.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Notice } from '../ui/states.tsx';

export function SignIn() {
  const location = useLocation();
  const [name, setName] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string | null>(null);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await signIn(name().trim().toLowerCase(), password());
    } catch (cause) {
      setError(
        cause instanceof ApiError && cause.code === 'auth.wrong'
          ? 'Name and password do not belong together.'
          : messageOf(cause),
      );
    } finally {
      setBusy(false);
    }
  }

  return (
    <Show when={!currentUser()} fallback={<Navigate href={returnAddress(location.search)} />}>
      <EntryFrame title="Sign in">
        <form class="flex flex-col gap-4" onSubmit={(e) => void submit(e)}>
          <Show when={error()}>{(text) => <Notice tone="danger">{text()}</Notice>}</Show>
          <Field label="Name">
            {(ids) => (
              <Input
                {...ids}
                name="username"
                autocomplete="username"
                autocapitalize="none"
                spellcheck={false}
                autofocus
                required
                value={name()}
                onInput={(e) => setName(e.currentTarget.value)}
              />
            )}
          </Field>
          <Field label="Password">
            {(ids) => (
              <Input
                {...ids}
                name="password"
                type="password"
                autocomplete="current-password"
                required
                value={password()}
                onInput={(e) => setPassword(e.currentTarget.value)}
              />
            )}
          </Field>
          <Button kind="primary" size="lg" type="submit" busy={busy()} class="mt-1">
            Sign in
          </Button>
        </form>
        <p class="mt-5 border-t border-line pt-4 text-sm text-ink-3">
          No account yet? Open the invite link you were given. The very first administrator’s link is printed
          where the server was started. Forgot your password? An administrator can give you a link to set a
          new one.
        </p>
      </EntryFrame>
    </Show>
  );
}

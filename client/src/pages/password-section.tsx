import { createSignal, Show } from 'solid-js';
import { ApiError, call, messageOf } from '../api/index.ts';
import { shortestPassword } from '../lib/passwords.ts';
import { me } from '../shell/session.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Section } from '../ui/page.tsx';
import { Notice } from '../ui/states.tsx';
import { showToast } from '../ui/toast.tsx';

/** Changes one's own password. */
export function PasswordSection() {
  const [current, setCurrent] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>(null);
  const fieldError = (path: string) => {
    const cause = error();
    return cause instanceof ApiError ? cause.field(path) : undefined;
  };
  const otherError = () =>
    error() && !['currentPassword', 'password'].some(fieldError) ? messageOf(error()) : null;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await call('password.change', { body: { currentPassword: current(), password: password() } });
      setCurrent('');
      setPassword('');
      showToast('ok', 'Your password was changed; you were signed out everywhere else');
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section title="Password" note="Signs you out everywhere else; keys go on working">
      <form class="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
        <Show when={otherError()}>{(text) => <Notice tone="danger">{text()}</Notice>}</Show>
        {/* For password managers: which account this is. */}
        <input type="text" autocomplete="username" value={me().name} readonly hidden />
        <div class="grid gap-3 sm:grid-cols-2">
          <Field label="Current password" error={fieldError('currentPassword')}>
            {(ids) => (
              <Input
                {...ids}
                type="password"
                autocomplete="current-password"
                required
                value={current()}
                onInput={(e) => setCurrent(e.currentTarget.value)}
              />
            )}
          </Field>
          <Field
            label="New password"
            hint={`At least ${shortestPassword} characters.`}
            error={fieldError('password')}
          >
            {(ids) => (
              <Input
                {...ids}
                type="password"
                autocomplete="new-password"
                required
                minlength={shortestPassword}
                value={password()}
                onInput={(e) => setPassword(e.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <div>
          <Button type="submit" kind="primary" busy={busy()}>
            Change password
          </Button>
        </div>
      </form>
    </Section>
  );
}

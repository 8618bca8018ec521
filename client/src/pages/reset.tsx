import { useNavigate, useParams } from '@solidjs/router';
import { createResource, createSignal, Match, Show, Switch } from 'solid-js';
import { ApiError, call, isApiError, messageOf } from '../api/index.ts';
import { shortestPassword } from '../lib/passwords.ts';
import { EntryFrame } from '../shell/entry-frame.tsx';
import { acceptReset } from '../shell/session.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Notice } from '../ui/states.tsx';

/** Sets a new password with a link from an administrator. */
export function Reset() {
  const params = useParams();
  const token = () => params['token'] ?? '';
  const [whose] = createResource(token, (t) => call('resets.get', { params: { token: t } }));
  return (
    <Switch
      fallback={
        <EntryFrame title="One moment…">
          <div class="h-40" />
        </EntryFrame>
      }
    >
      <Match when={whose.error && !isApiError(whose.error, 'not_found')}>
        <EntryFrame title="The link could not be read">{messageOf(whose.error)}</EntryFrame>
      </Match>
      <Match when={whose.error || whose()?.valid === false}>
        <EntryFrame
          title="This link no longer works"
          note="It was used already, or its time ran out. Ask an administrator for a new one."
        >
          <LinkButton href="/signin" class="w-full">
            Sign in
          </LinkButton>
        </EntryFrame>
      </Match>
      <Match when={whose()}>{(user) => <ResetForm token={token()} user={user()} />}</Match>
    </Switch>
  );
}

function ResetForm(props: { token: string; user: { name: string; display: string } }) {
  const navigate = useNavigate();
  const [password, setPassword] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>(null);
  const fieldError = () => {
    const cause = error();
    return cause instanceof ApiError ? cause.field('password') : undefined;
  };
  const otherError = () => (error() && !fieldError() ? messageOf(error()) : null);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await acceptReset(props.token, password());
      navigate('/', { replace: true });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <EntryFrame
      title="A new password"
      note={
        <>
          For <strong class="text-ink">{props.user.display}</strong>, who signs in as{' '}
          <strong class="text-ink">{props.user.name}</strong>.
        </>
      }
    >
      <form class="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
        <Show when={otherError()}>{(text) => <Notice tone="danger">{text()}</Notice>}</Show>
        {/* For password managers: which account this is. */}
        <input type="text" autocomplete="username" value={props.user.name} readonly hidden />
        <Field label="New password" hint={`At least ${shortestPassword} characters.`} error={fieldError()}>
          {(ids) => (
            <Input
              {...ids}
              name="password"
              type="password"
              autocomplete="new-password"
              autofocus
              required
              minlength={shortestPassword}
              value={password()}
              onInput={(e) => setPassword(e.currentTarget.value)}
            />
          )}
        </Field>
        <Button kind="primary" size="lg" type="submit" busy={busy()} class="mt-1">
          Set password and sign in
        </Button>
      </form>
    </EntryFrame>
  );
}

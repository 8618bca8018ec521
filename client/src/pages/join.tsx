import { useNavigate, useParams } from '@solidjs/router';
import { createResource, createSignal, Match, Show, Switch } from 'solid-js';
import { ApiError, call, isApiError, messageOf } from '../api/index.ts';
import { shortestPassword } from '../lib/passwords.ts';
import { signInNameFrom } from '../lib/people.ts';
import { roleNames } from '../lib/permissions.ts';
import { EntryFrame } from '../shell/entry-frame.tsx';
import { acceptInvite } from '../shell/session.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Notice } from '../ui/states.tsx';

export function Join() {
  const params = useParams();
  const token = () => params['token'] ?? '';
  const [invite] = createResource(token, (t) => call('invites.get', { params: { invite: t } }));
  return (
    <Switch
      fallback={
        <EntryFrame title="One moment…">
          <div class="h-40" />
        </EntryFrame>
      }
    >
      <Match when={invite.error && !isApiError(invite.error, 'not_found')}>
        <EntryFrame title="The invite could not be read">{messageOf(invite.error)}</EntryFrame>
      </Match>
      <Match when={invite.error || invite()?.valid === false}>
        <EntryFrame
          title="This invite no longer works"
          note="It was used already, or its time ran out. Ask whoever sent it for a new one."
        >
          <LinkButton href="/signin" class="w-full">
            I have an account: sign in
          </LinkButton>
        </EntryFrame>
      </Match>
      <Match when={invite()}>{(offer) => <JoinForm token={token()} role={offer().role} />}</Match>
    </Switch>
  );
}

function JoinForm(props: { token: string; role: keyof typeof roleNames }) {
  const navigate = useNavigate();
  const [display, setDisplay] = createSignal('');
  const [name, setName] = createSignal('');
  const [nameTouched, setNameTouched] = createSignal(false);
  const [password, setPassword] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>(null);
  const fieldError = (path: string) => {
    const e = error();
    return e instanceof ApiError ? e.field(path) : undefined;
  };
  const otherError = () =>
    error() && !['name', 'display', 'password'].some(fieldError) ? messageOf(error()) : null;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await acceptInvite(props.token, { name: name(), display: display().trim(), password: password() });
      navigate('/', { replace: true });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <EntryFrame
      title="Welcome to Concord"
      note={
        <>
          You join as <strong class="text-ink">{roleNames[props.role].title}</strong>.{' '}
          {roleNames[props.role].does}
        </>
      }
    >
      <form class="flex flex-col gap-4" onSubmit={(e) => void submit(e)}>
        <Show when={otherError()}>{(text) => <Notice tone="danger">{text()}</Notice>}</Show>
        <Field label="Your name" hint="As others see it." error={fieldError('display')}>
          {(ids) => (
            <Input
              {...ids}
              autocomplete="name"
              autofocus
              required
              maxlength={80}
              value={display()}
              onInput={(e) => {
                setDisplay(e.currentTarget.value);
                if (!nameTouched()) setName(signInNameFrom(e.currentTarget.value));
              }}
            />
          )}
        </Field>
        <Field
          label="Sign-in name"
          hint="Lower-case letters, digits, . _ @ + or -"
          error={fieldError('name')}
        >
          {(ids) => (
            <Input
              {...ids}
              name="username"
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              required
              minlength={2}
              maxlength={64}
              value={name()}
              onInput={(e) => {
                setNameTouched(true);
                setName(e.currentTarget.value.toLowerCase());
              }}
            />
          )}
        </Field>
        <Field
          label="Password"
          hint={`At least ${shortestPassword} characters.`}
          error={fieldError('password')}
        >
          {(ids) => (
            <Input
              {...ids}
              name="password"
              type="password"
              autocomplete="new-password"
              required
              minlength={shortestPassword}
              value={password()}
              onInput={(e) => setPassword(e.currentTarget.value)}
            />
          )}
        </Field>
        <Button kind="primary" size="lg" type="submit" busy={busy()} class="mt-1">
          Create account
        </Button>
      </form>
    </EntryFrame>
  );
}

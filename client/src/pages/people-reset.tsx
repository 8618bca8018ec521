import type { PublicUser } from '@concord/core/records/user';
import { createSignal, type JSX } from 'solid-js';
import { call } from '../api/index.ts';
import { Button } from '../ui/button.tsx';
import { CopyField } from '../ui/copy-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { showError } from '../ui/toast.tsx';

/** Makes a link with which somebody sets a new password. */
export function ResetPassword(props: { user: PublicUser; children: JSX.Element }) {
  const [link, setLink] = createSignal<string | null>(null);
  async function make(): Promise<void> {
    try {
      const { path } = await call('resets.create', { params: { user: props.user.id } });
      setLink(new URL(path, location.href).href);
    } catch (error) {
      showError(error);
    }
  }
  return (
    <>
      <Button
        size="sm"
        kind="quiet"
        disabled={!props.user.active}
        aria-label={`Reset the password of ${props.user.display}`}
        onClick={() => void make()}
      >
        {props.children}
      </Button>
      <Dialog
        open={link() !== null}
        onClose={() => setLink(null)}
        title={`A new password for ${props.user.display}`}
        description="Send this link to them alone. It works once, within a day, and is not shown again. Earlier ones no longer work."
        footer={
          <Button kind="primary" onClick={() => setLink(null)}>
            Done
          </Button>
        }
      >
        <CopyField label="Link" value={link() ?? ''} />
      </Dialog>
    </>
  );
}

import Redo2 from 'lucide-solid/icons/redo-2';
import Undo2 from 'lucide-solid/icons/undo-2';
import { type JSX, Show } from 'solid-js';
import { IconButton } from '../../ui/index.ts';
import { SkipButton } from './skip-button.tsx';

/** Undo, redo, skip, help, and (as its child) the way on. Beside the top bar; on phones at the thumb. */
export function ActionBar(props: {
  canUndo: boolean;
  canRedo: boolean;
  onStep: (what: 'undo' | 'redo') => void;
  onSkip: ((reason: string) => void) | undefined;
  /** Asking for help. */
  help: JSX.Element;
  children: JSX.Element;
}) {
  return (
    <div class="flex items-center gap-1 border-line bg-canvas px-3 py-2 max-sm:row-start-4 max-sm:border-t sm:border-b sm:py-1.5 sm:pl-0">
      <IconButton label="Undo (Ctrl+Z)" disabled={!props.canUndo} onClick={() => props.onStep('undo')}>
        <Undo2 size={17} aria-hidden="true" />
      </IconButton>
      <IconButton label="Redo (Ctrl+Shift+Z)" disabled={!props.canRedo} onClick={() => props.onStep('redo')}>
        <Redo2 size={17} aria-hidden="true" />
      </IconButton>
      <Show when={props.onSkip}>{(onSkip) => <SkipButton onSkip={(reason) => onSkip()(reason)} />}</Show>
      {props.help}
      {props.children}
    </div>
  );
}

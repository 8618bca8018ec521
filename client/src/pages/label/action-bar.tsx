import Redo2 from 'lucide-solid/icons/redo-2';
import SkipForward from 'lucide-solid/icons/skip-forward';
import Undo2 from 'lucide-solid/icons/undo-2';
import type { JSX } from 'solid-js';
import { Button, IconButton } from '../../ui/index.ts';

/** Undo, redo, skip, help, and (as its child) the way on. Beside the top bar; on phones at the thumb. */
export function ActionBar(props: {
  canUndo: boolean;
  canRedo: boolean;
  onStep: (what: 'undo' | 'redo') => void;
  onSkip: (() => void) | undefined;
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
      <Button
        kind="quiet"
        disabled={props.onSkip === undefined}
        title="Give the task to somebody else (Ctrl+Space)"
        onClick={() => props.onSkip?.()}
      >
        <SkipForward size={16} aria-hidden="true" />
        Skip
      </Button>
      {props.help}
      {props.children}
    </div>
  );
}

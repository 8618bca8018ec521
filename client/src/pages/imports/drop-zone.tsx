import FilePlus from 'lucide-solid/icons/file-plus';
import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { Button } from '../../ui/button.tsx';

/** Takes files by drop (anywhere on the page), by paste, or from the picker. */
export function DropZone(props: {
  small: boolean;
  images: boolean;
  onFiles: (files: readonly File[]) => void;
}) {
  const [over, setOver] = createSignal(false);
  let picker!: HTMLInputElement;
  const take = (list: FileList | null | undefined) => list && list.length > 0 && props.onFiles([...list]);

  onMount(() => {
    // The whole page takes the drop: nobody has to aim.
    let depth = 0;
    const enter = (e: DragEvent) => {
      if (!e.dataTransfer?.types.includes('Files')) return;
      depth += 1;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (e: DragEvent) => e.dataTransfer?.types.includes('Files') && e.preventDefault();
    const drop = (e: DragEvent) => {
      if (!e.dataTransfer?.types.includes('Files')) return;
      e.preventDefault();
      depth = 0;
      setOver(false);
      take(e.dataTransfer.files);
    };
    const paste = (e: ClipboardEvent) => take(e.clipboardData?.files);
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', hover);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    onCleanup(() => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', hover);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    });
  });

  return (
    <section
      aria-label="Add files"
      class={cx(
        'flex flex-wrap items-center gap-x-5 gap-y-3 rounded-lg border-2 border-dashed transition-colors',
        props.small ? 'px-5 py-4' : 'flex-col px-6 py-12 text-center',
        over() ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
      )}
    >
      <div class="grid size-11 shrink-0 place-items-center rounded-full bg-accent-soft text-accent-ink">
        <FilePlus size={20} aria-hidden="true" />
      </div>
      <div class={props.small ? 'min-w-0 flex-1 basis-64' : 'max-w-lg'}>
        <p class="text-md font-medium">
          {over() ? 'Let go to add the files' : 'Drop files anywhere on this page'}
        </p>
        <p class="text-sm text-pretty text-ink-2">
          <Show
            when={props.images}
            fallback="CSV, TSV, JSON, JSON lines or plain text, also zipped; or Label Studio JSON together with its labels."
          >
            PNG, JPEG or WebP, singly or zipped; or Label Studio JSON with labels for pictures that are here
            or in the same zip.
          </Show>{' '}
          The same content twice becomes one task.
        </p>
      </div>
      <input
        ref={picker}
        type="file"
        multiple
        class="sr-only"
        tabindex="-1"
        aria-label="Files to import"
        onChange={(e) => {
          take(e.currentTarget.files);
          e.currentTarget.value = '';
        }}
      />
      <Button kind={props.small ? 'secondary' : 'primary'} onClick={() => picker.click()}>
        Choose files
      </Button>
    </section>
  );
}

import ChevronFirst from 'lucide-solid/icons/chevron-first';
import ChevronLast from 'lucide-solid/icons/chevron-last';
import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import Pause from 'lucide-solid/icons/pause';
import Play from 'lucide-solid/icons/play';
import { For, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { IconButton, Select } from '../../ui/index.ts';
import { type Mark, markBeside } from './marks.ts';
import { type Playback, type Speed, speeds } from './playback.ts';

const colors: Record<Mark['kind'], string> = {
  submission: 'bg-open-ink',
  dispute: 'bg-warn',
  decision: 'bg-accent',
};
const names: Record<Mark['kind'], string> = {
  submission: 'Submission',
  dispute: 'Dispute',
  decision: 'Decision',
};

/** The slider over a room's log, with its submissions and decisions, and playing. */
export function PlayerBar(props: {
  playback: Playback;
  length: number;
  marks: readonly Mark[];
  /** When the entry shown was written; '' before the first. */
  when: string;
}) {
  const seq = () => props.playback.seq();
  const beside = (side: 'next' | 'previous') => markBeside(props.marks, seq(), side);
  const jump = (side: 'next' | 'previous'): void => {
    const to = beside(side);
    if (to !== null) props.playback.goTo(to);
  };
  return (
    <div class="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line bg-canvas px-3 py-2 sm:px-4">
      <div class="order-1 flex items-center">
        <IconButton
          size="sm"
          label="Submission or decision before ([)"
          disabled={beside('previous') === null}
          onClick={() => jump('previous')}
        >
          <ChevronFirst size={17} aria-hidden="true" />
        </IconButton>
        <IconButton
          size="sm"
          label="Entry before (←)"
          disabled={seq() === 0}
          onClick={() => props.playback.goTo(seq() - 1)}
        >
          <ChevronLeft size={17} aria-hidden="true" />
        </IconButton>
        <IconButton
          kind="secondary"
          label={props.playback.playing() ? 'Pause (Space)' : 'Play (Space)'}
          disabled={props.length === 0}
          onClick={() => props.playback.toggle()}
        >
          <Show when={props.playback.playing()} fallback={<Play size={16} aria-hidden="true" />}>
            <Pause size={16} aria-hidden="true" />
          </Show>
        </IconButton>
        <IconButton
          size="sm"
          label="Entry after (→)"
          disabled={seq() === props.length}
          onClick={() => props.playback.goTo(seq() + 1)}
        >
          <ChevronRight size={17} aria-hidden="true" />
        </IconButton>
        <IconButton
          size="sm"
          label="Submission or decision after (])"
          disabled={beside('next') === null}
          onClick={() => jump('next')}
        >
          <ChevronLast size={17} aria-hidden="true" />
        </IconButton>
      </div>
      <div class="relative order-3 h-8 min-w-full flex-1 sm:order-2 sm:min-w-40">
        <input
          type="range"
          class="absolute inset-x-0 top-1.5 w-full accent-accent"
          min={0}
          max={props.length}
          value={seq()}
          aria-label="Place in the room’s history"
          aria-valuetext={`Entry ${seq()} of ${props.length}`}
          data-testid="history-slider"
          onInput={(event) => props.playback.goTo(Number(event.currentTarget.value))}
        />
        <div class="pointer-events-none absolute inset-x-2 bottom-0 h-1.5">
          <For each={props.marks}>
            {(mark) => (
              <span
                class={cx('absolute top-0 h-full w-0.5 -translate-x-1/2 rounded-full', colors[mark.kind])}
                style={{ left: `${(mark.seq / Math.max(1, props.length)) * 100}%` }}
                title={names[mark.kind]}
              />
            )}
          </For>
        </div>
      </div>
      <div class="order-2 ml-auto flex items-center gap-3 sm:order-3">
        <p class="text-right text-xs whitespace-nowrap text-ink-2 tabular">
          <span data-testid="history-place">
            {seq()} of {props.length}
          </span>
          <span class="block text-ink-3 max-sm:hidden">{props.when || ' '}</span>
        </p>
        <Select
          class="w-24!"
          label="Entries a second"
          value={String(props.playback.speed())}
          options={speeds.map((speed) => ({ value: String(speed), label: `${speed}/s` }))}
          onChange={(speed) => props.playback.setSpeed(Number(speed) as Speed)}
        />
      </div>
    </div>
  );
}

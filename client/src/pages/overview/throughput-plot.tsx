import type { Throughput } from '@concord/core/protocol/resources';
import { createEffect, createSignal, on, onCleanup, onMount } from 'solid-js';
import type uPlot from 'uplot';
import { count } from '../../lib/format.ts';
import { theme } from '../../lib/theme.ts';

type Hour = Throughput['hours'][number];
const heightPx = 190;
const dayOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const timeOf = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const hourOf = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Submissions (bars) and settled items (line) per hour. The plot library is loaded when this is first shown. */
export function ThroughputPlot(props: { hours: readonly Hour[] }) {
  const [under, setUnder] = createSignal<number | null>(null);
  const total = (key: 'submissions' | 'finalized') => props.hours.reduce((sum, h) => sum + h[key], 0);
  const pointed = (): Hour | undefined => {
    const at = under();
    return at === null ? undefined : props.hours[at];
  };
  let place!: HTMLDivElement;
  let plot: uPlot | null = null;
  let Plot: typeof uPlot | null = null;

  const data = (): uPlot.AlignedData => [
    props.hours.map((h) => h.at / 1000),
    props.hours.map((h) => h.submissions),
    props.hours.map((h) => h.finalized),
  ];
  function draw(): void {
    if (!Plot) return;
    plot?.destroy();
    plot = new Plot(options(Plot, place.clientWidth, setUnder), data(), place);
  }
  onMount(() => {
    let gone = false;
    const observer = new ResizeObserver(() => plot?.setSize({ width: place.clientWidth, height: heightPx }));
    observer.observe(place);
    onCleanup(() => {
      gone = true;
      observer.disconnect();
      plot?.destroy();
    });
    void Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([library]) => {
      if (gone) return;
      Plot = library.default;
      draw();
    });
  });
  // Colours are read when it is drawn, so another theme is another drawing.
  createEffect(on(theme, () => queueMicrotask(draw), { defer: true }));
  createEffect(() => plot?.setData(data()));

  return (
    <figure>
      <figcaption class="mb-2 flex flex-wrap items-center gap-x-5 gap-y-1 text-sm text-ink-2 tabular-nums">
        <span class="flex items-center gap-1.5">
          <span class="size-2.5 rounded-[2px] bg-open" />
          Submissions
          <strong class="font-semibold text-ink">
            {count(pointed()?.submissions ?? total('submissions'))}
          </strong>
        </span>
        <span class="flex items-center gap-1.5">
          <span class="h-0.5 w-3 rounded-full bg-accent" />
          Settled
          <strong class="font-semibold text-ink">{count(pointed()?.finalized ?? total('finalized'))}</strong>
        </span>
        <span class="ml-auto text-ink-3">{pointed() ? hourOf.format(pointed()!.at) : 'in all'}</span>
      </figcaption>
      <div
        ref={place}
        style={{ height: `${heightPx}px` }}
        class="w-full"
        role="img"
        aria-label={`Per hour: ${total('submissions')} submissions and ${total('finalized')} settled items in all`}
      />
    </figure>
  );
}

/** Midnight shows its day, other ticks the hour. */
function tickText(atS: number): string {
  const at = new Date(atS * 1000);
  return at.getHours() === 0 ? dayOf.format(at) : timeOf.format(at);
}

function options(Plot: typeof uPlot, width: number, onPoint: (index: number | null) => void): uPlot.Options {
  const css = getComputedStyle(document.documentElement);
  const color = (name: string) => css.getPropertyValue(name).trim();
  const font = `11px ${css.fontFamily}`;
  const axis: uPlot.Axis = { stroke: color('--ink-3'), font, ticks: { show: false }, grid: { show: false } };
  return {
    width,
    height: heightPx,
    // Half a tick wide on the right: the last hour stands under the very edge.
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    hooks: { setCursor: [(u) => onPoint(u.cursor.idx ?? null)] },
    scales: {
      x: { time: true },
      y: { range: (_u, _min, max) => [0, Math.max(4, Math.ceil((max ?? 0) * 1.08))] },
    },
    series: [
      {},
      {
        fill: color('--open'),
        stroke: 'transparent',
        width: 0,
        points: { show: false },
        ...(Plot.paths.bars ? { paths: Plot.paths.bars({ size: [0.72, 28], radius: 0.15 }) } : {}),
      },
      { stroke: color('--accent'), width: 2, points: { show: false } },
    ],
    axes: [
      { ...axis, space: 64, size: 30, values: (_u, splits) => splits.map(tickText) },
      {
        ...axis,
        size: 38,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000],
        grid: { stroke: color('--line'), width: 1 },
      },
    ],
  };
}

import type { Throughput } from '@concord/core/protocol/resources';
import { createEffect, onCleanup, onMount } from 'solid-js';
import type uPlot from 'uplot';

/** Submissions and settled items per hour. The plot library is loaded when this is first shown. */
export function ThroughputPlot(props: { hours: Throughput['hours'] }) {
  let place!: HTMLDivElement;
  let plot: uPlot | null = null;
  const data = (): uPlot.AlignedData => [
    props.hours.map((h) => h.at / 1000),
    props.hours.map((h) => h.submissions),
    props.hours.map((h) => h.finalized),
  ];
  onMount(() => {
    let gone = false;
    const observer = new ResizeObserver(() => plot?.setSize({ width: place.clientWidth, height: 200 }));
    observer.observe(place);
    onCleanup(() => {
      gone = true;
      observer.disconnect();
      plot?.destroy();
    });
    void (async () => {
      const [{ default: Plot }] = await Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]);
      if (gone) return;
      const css = getComputedStyle(document.documentElement);
      const color = (name: string) => css.getPropertyValue(name).trim();
      const axis = {
        stroke: color('--ink-3'),
        grid: { stroke: color('--line'), width: 1 },
        ticks: { show: false },
      };
      plot = new Plot(
        {
          width: place.clientWidth,
          height: 200,
          series: [
            {},
            { label: 'Submissions', stroke: color('--accent'), width: 2, points: { show: false } },
            { label: 'Settled', stroke: color('--warn'), width: 2, points: { show: false } },
          ],
          axes: [axis, { ...axis, size: 40 }],
          scales: { y: { range: (_u, _min, max) => [0, Math.max(4, max ?? 0)] } },
        },
        data(),
        place,
      );
    })();
  });
  createEffect(() => plot?.setData(data()));
  return (
    <div ref={place} class="h-60 w-full" role="img" aria-label="Submissions and settled items per hour" />
  );
}

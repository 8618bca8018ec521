import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Labels = Readonly<Record<string, string>>;

export interface CounterMetric {
  /** Adds `by` (1 when left out; never negative). */
  inc(labels?: Labels, by?: number): void;
}
export interface GaugeMetric {
  set(value: number, labels?: Labels): void;
}
export interface HistogramMetric {
  /** Records one value, in the unit of the metric's name (`…_seconds`, `…_bytes`). */
  observe(value: number, labels?: Labels): void;
}

/** The figures of one process, in Prometheus' text format. Asking for the same name twice gives the same metric. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): CounterMetric;
  /** `read` is called at every scrape, for values that live elsewhere; one that fails leaves the value as it was. */
  gauge(
    name: string,
    help: string,
    labels?: readonly string[],
    read?: () => number | Promise<number>,
  ): GaugeMetric;
  /** Buckets default to 0.5 ms … 10 s. */
  histogram(
    name: string,
    help: string,
    labels?: readonly string[],
    buckets?: readonly number[],
  ): HistogramMetric;
  render(): Promise<string>;
  readonly contentType: string;
}

const defaultBucketsSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** `processFigures`: add memory, CPU and event-loop figures of this process (off in tests: it keeps timers). */
export function createMetrics(options: { readonly processFigures?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processFigures === true) collectDefaultMetrics({ register: registry });
  const made = new Map<string, CounterMetric | GaugeMetric | HistogramMetric>();
  const once = <M extends CounterMetric | GaugeMetric | HistogramMetric>(name: string, make: () => M): M => {
    const known = made.get(name);
    if (known !== undefined) return known as M;
    const metric = make();
    made.set(name, metric);
    return metric;
  };
  return {
    counter: (name, help, labels = []) =>
      once(name, () => {
        const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
        return { inc: (values = {}, by = 1) => counter.inc(values, by) };
      }),
    gauge: (name, help, labels = [], read) =>
      once(name, () => {
        const collect = async (): Promise<void> => {
          try {
            if (read !== undefined) gauge.set(await read());
          } catch {
            // The value stays as it was: other figures are worth having all the same.
          }
        };
        const options = { name, help, labelNames: [...labels], registers: [registry] };
        const gauge: Gauge = new Gauge(read === undefined ? options : { ...options, collect });
        return { set: (value, values = {}) => gauge.set(values, value) };
      }),
    histogram: (name, help, labels = [], buckets = defaultBucketsSeconds) =>
      once(name, () => {
        const histogram = new Histogram({
          name,
          help,
          labelNames: [...labels],
          buckets: [...buckets],
          registers: [registry],
        });
        return { observe: (value, values = {}) => histogram.observe(values, value) };
      }),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

it('renders counters, gauges read at scrape time and histograms', async () => {
  const metrics = createMetrics();
  let rooms = 2;
  metrics.counter('concord_ops_total', 'Ops', ['kind']).inc({ kind: 'create' }, 3);
  metrics.counter('concord_ops_total', 'Ops', ['kind']).inc({ kind: 'create' });
  metrics.gauge('concord_rooms', 'Open rooms', [], () => rooms);
  metrics.histogram('concord_commit_seconds', 'Commit time').observe(0.002);
  metrics.gauge('concord_slow', 'Read elsewhere', [], async () => 7);
  metrics.gauge('concord_away', 'Cannot be read', [], () => Promise.reject(new Error('away')));
  rooms = 5;
  const text = await metrics.render();
  expect(text).toContain('concord_ops_total{kind="create"} 4');
  expect(text).toContain('concord_rooms 5');
  expect(text).toContain('concord_slow 7');
  expect(text).toContain('concord_away 0');
  expect(text).toContain('concord_commit_seconds_bucket{le="0.0025"} 1');
});

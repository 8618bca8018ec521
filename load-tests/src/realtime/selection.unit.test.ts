import { describe, expect, it } from 'vitest';
import { select } from './selection.ts';

const servers = ['concord', 'uws'];
const seen = (names: readonly string[], quick = false) => {
  const { loads, others, servers: chosen } = select(names, quick, servers);
  return { loads: loads.map(({ id, loads }) => `${id}: ${loads.length}`), others, servers: chosen };
};

describe('--only', () => {
  it('is everything when it names nothing, and a little less when it is to be quick', () => {
    const loads = ['20x10: 6', '1x50: 2', '200x5: 2'];
    const others = ['idle', 'storm', 'store', 'soak'];
    expect(seen([])).toEqual({ loads, others, servers: [] });
    expect(seen(['uws'])).toEqual({ loads, others, servers: ['uws'] });
    expect(seen([], true).loads).toEqual(['20x10: 6', '1x50: 2']);
  });

  it('takes sessions, single loads and servers by name', () => {
    expect(seen(['20x10', 'storm'])).toEqual({ loads: ['20x10: 6'], others: ['storm'], servers: [] });
    expect(seen(['B 4000', 'concord'])).toEqual({ loads: ['20x10: 1'], others: [], servers: ['concord'] });
    expect(seen(['200x5'], true).loads).toEqual(['200x5: 2']);
  });

  it('says what there is when it names something else', () => {
    expect(() => seen(['B 5000'])).toThrow(
      /--only B 5000: there is no such thing. There are: concord, uws, idle/,
    );
  });
});

import { expect, it } from 'vitest';
import type { UserId } from '../records/ids.ts';
import { layerOf, newRoom } from './apply.ts';
import { applyLayerOp } from './apply-layer.ts';
import { growthBy, layerSize } from './layer-size.ts';
import type { ClientOp } from './op.ts';

it('[RM38] what ops add to a layer is near what the layer has grown, and making and deleting does not shrink it to nothing', () => {
  const me = 'usr_a' as UserId;
  let layer = layerOf(newRoom(), me);
  let size = layerSize(layer);
  const put = (op: ClientOp) => {
    size += growthBy(layer, op);
    layer = applyLayerOp(layer, { lseq: layer.lseq + 1, by: me, at: 1, op });
  };
  const pad = 'x'.repeat(500);
  for (let i = 0; i < 200; i++) {
    const id = `region-${i}`;
    put({
      t: 'create',
      region: { id, kind: 'box', label: 'text', shape: { x: i, y: 1, pad }, attrs: { a: i } },
    });
    put({ t: 'update', id, set: { 'attrs.note': pad.slice(i), label: 'other' } });
    put({ t: 'update', id, set: { 'attrs.note': null, shape: { x: 1 } } });
    put({ t: 'update', id, set: { shape: { x: i, pad: pad.slice(2 * i) } } });
    put({ t: 'classify', set: { [`q${i % 9}`]: pad.slice(i) } });
    if (i % 3 === 0) put({ t: 'delete', id });
    if (i % 5 === 0) put({ t: 'comment', id: `c${i}`, region: null, text: pad });
  }
  const real = layerSize(layer);
  expect(size).toBeGreaterThan(real * 0.75);
  expect(size).toBeLessThan(real * 1.5);
});

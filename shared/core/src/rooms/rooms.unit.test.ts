import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, applyAll, applyInPlace, copyRoom, emptyRoom, isResend, newestOf, newRoom } from './apply.ts';
import { applyLayerOp, applyLayerOps } from './apply-layer.ts';
import { audienceOf, audienceSees } from './audience.ts';
import { check } from './check.ts';
import { annotationOf, emptyLayer, hasContent } from './layer.ts';
import type { ClientOp, LogEntry } from './op.ts';
import { rebase, stillPending } from './rebase.ts';
import type { LayerState, RoomState } from './state.ts';
import { randomClientOp, randomLog } from './testing/random-ops.ts';
import { createUndo } from './undo.ts';
import { isBlind, isBlindSubmission, maySee, mayWrite, seesOthers } from './visibility.ts';

/** fast-check drives the choices through one stream of numbers, so that a failing case shrinks and prints. */
const stream = fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 400 });
const picker = (numbers: readonly number[]) => {
  let i = 0;
  return (n: number) => (numbers[i++ % numbers.length]! + i) % n;
};
const logs = fc
  .tuple(stream, fc.integer({ min: 0, max: 80 }))
  .map(([s, length]) => randomLog(picker(s), length));
const anyContent = { region: () => [], answer: () => [] };
const at = (lseq: number, op: ClientOp, by = 'usr_a') => ({ lseq, by, at: 1, op });
const box = (id: string): ClientOp => ({
  t: 'create',
  region: { id, kind: 'box', label: 'c', shape: { x: 0 } },
});

describe('state and order', () => {
  it('[RM1] one by one, in any batches, or through JSON: the same state', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 9 }), (log, size) => {
        const whole = applyAll(emptyRoom, log);
        let single: RoomState = emptyRoom;
        for (const entry of log) single = apply(single, entry);
        let batched: RoomState = emptyRoom;
        for (let i = 0; i < log.length; i += size) {
          batched = applyAll(JSON.parse(JSON.stringify(batched)) as RoomState, log.slice(i, i + size));
        }
        expect(single).toEqual(whole);
        expect(batched).toEqual(whole);
      }),
    );
  });

  it('[RM1] in place, in any batches: the same state, and what nothing is shared with stays as it was', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 9 }), (log, size) => {
        const state = newRoom();
        for (let i = 0; i < log.length; i += size) applyInPlace(state, log.slice(i, i + size));
        expect(state).toEqual(applyAll(emptyRoom, log));
        expect(newRoom()).toEqual(emptyRoom);
      }),
    );
  });

  it('[RM1] in place on a copy: the same state, and the one it was copied from stays as it was', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const half = newRoom();
        applyInPlace(half, log.slice(0, log.length >> 1));
        const before = JSON.stringify(half);
        const copy = copyRoom(half);
        applyInPlace(copy, log.slice(log.length >> 1));
        expect(copy).toEqual(applyAll(emptyRoom, log));
        expect(JSON.stringify(half)).toBe(before);
      }),
    );
  });

  it('[RM2] in place, entries that do not follow change nothing', () => {
    fc.assert(
      fc.property(logs, fc.nat(), (log, n) => {
        fc.pre(log.length > 1);
        const state = newRoom();
        applyInPlace(state, log.slice(0, log.length >> 1));
        const before = JSON.stringify(state);
        const rest = log.slice(log.length >> 1);
        const broken = rest.map((entry, i) =>
          i === n % rest.length ? { ...entry, lseq: entry.lseq + 1 } : entry,
        );
        expect(() => applyInPlace(state, broken)).toThrow(RangeError);
        expect(JSON.stringify(state)).toBe(before);
      }),
    );
  });

  it('[RM1] does not touch the state it is given', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const half = applyAll(emptyRoom, log.slice(0, log.length >> 1));
        const before = JSON.stringify(half);
        applyAll(half, log.slice(log.length >> 1));
        expect(JSON.stringify(half)).toBe(before);
      }),
    );
  });

  it('[RM3] a snapshot and the tail equal the whole log', () => {
    fc.assert(
      fc.property(logs, fc.nat(), (log, n) => {
        const cut = log.length === 0 ? 0 : n % (log.length + 1);
        const snapshot = JSON.stringify(applyAll(emptyRoom, log.slice(0, cut)));
        expect(applyAll(JSON.parse(snapshot) as RoomState, log.slice(cut))).toEqual(applyAll(emptyRoom, log));
      }),
    );
  });

  it('[RM2] a gap throws', () => {
    const log = randomLog(picker([1, 5, 9, 2]), 6);
    expect(() => applyAll(emptyRoom, log.slice(1))).toThrow(/gap/);
    const skipped = { ...log[0]!, lseq: 3 };
    expect(() => apply(emptyRoom, skipped)).toThrow(/after 0/);
  });

  it('[RM4] clients that hold different layers, fed in any interleaving of the layers, agree layer by layer', () => {
    fc.assert(
      fc.property(logs, stream, (log, numbers) => {
        const pick = picker(numbers);
        const queues = new Map<string, LogEntry[]>();
        for (const e of log) queues.set(e.layer, [...(queues.get(e.layer) ?? []), e]);
        const client = new Map<string, LayerState>();
        while (queues.size > 0) {
          const names = [...queues.keys()];
          const name = names[pick(names.length)]!;
          const queue = queues.get(name)!;
          const entry = queue.shift()!;
          client.set(name, applyLayerOp(client.get(name) ?? emptyLayer(entry.layer), entry));
          if (queue.length === 0) queues.delete(name);
        }
        expect(Object.fromEntries(client)).toEqual(applyAll(emptyRoom, log).layers);
      }),
    );
  });
});

describe('ops', () => {
  it('[RM5] different fields of one region both stay; of one field the later wins', () => {
    const layer = applyLayerOps(emptyLayer('consensus'), [
      at(1, box('r')),
      at(2, { t: 'update', id: 'r', set: { label: 'dog' } }, 'usr_a'),
      at(3, { t: 'update', id: 'r', set: { shape: { x: 7 } } }, 'usr_b'),
      at(4, { t: 'update', id: 'r', set: { label: 'cat' } }, 'usr_b'),
    ]);
    expect(annotationOf(layer).regions).toEqual([{ id: 'r', kind: 'box', label: 'cat', shape: { x: 7 } }]);
    expect(layer.regions['r']!.stamps).toMatchObject({ label: { by: 'usr_b', lseq: 4 }, shape: { lseq: 3 } });
  });

  it('[RM6] a create of a deleted id changes nothing', () => {
    const layer = applyLayerOps(emptyLayer('usr_a'), [
      at(1, box('r')),
      at(2, { t: 'delete', id: 'r' }),
      at(3, box('r')),
    ]);
    expect(annotationOf(layer).regions).toEqual([]);
    expect(layer.lseq).toBe(3);
    expect(check(layer, box('r'), anyContent)).toBe('nothing');
  });

  it('[RM7] an update of a deleted region is refused, a second delete counts as done', () => {
    const layer = applyLayerOps(emptyLayer('usr_a'), [at(1, box('r')), at(2, { t: 'delete', id: 'r' })]);
    expect(check(layer, { t: 'update', id: 'r', set: { label: 'x' } }, anyContent)).toMatchObject({
      code: 'room.op_refused',
      message: 'This region was deleted meanwhile.',
    });
    expect(check(layer, { t: 'delete', id: 'r' }, anyContent)).toBe('nothing');
    expect(check(layer, { t: 'delete', id: 'other' }, anyContent)).toMatchObject({ code: 'room.op_refused' });
  });

  it('[RM8] null takes an attribute or an answer away', () => {
    const layer = applyLayerOps(emptyLayer('usr_a'), [
      at(1, { t: 'create', region: { id: 'r', kind: 'box', label: 'c', shape: {}, attrs: { a: 1 } } }),
      at(2, { t: 'update', id: 'r', set: { 'attrs.a': null } }),
      at(3, { t: 'classify', set: { label: 'spam', reason: 'so' } }),
      at(4, { t: 'classify', set: { reason: null } }),
    ]);
    expect(annotationOf(layer)).toEqual({
      regions: [{ id: 'r', kind: 'box', label: 'c', shape: {} }],
      answers: { label: 'spam' },
    });
  });

  it('[RM9] replace leaves exactly what it says, and late creates of what went stay gone', () => {
    const layer = applyLayerOps(emptyLayer('usr_a'), [
      at(1, box('old')),
      at(2, box('kept')),
      {
        lseq: 3,
        by: 'usr_a',
        at: 1,
        op: {
          t: 'replace',
          version: 0,
          annotation: { regions: [{ id: 'kept', kind: 'box', label: 'z', shape: {} }], answers: {} },
        },
      },
      at(4, box('old')),
    ]);
    expect(annotationOf(layer).regions.map((r) => [r.id, r.label])).toEqual([['kept', 'z']]);
  });

  it('[RM10] a person’s region keeps where it came from, not the score', () => {
    const op: ClientOp = {
      t: 'create',
      region: { id: 'r', kind: 'box', label: 'c', shape: {}, from: 'mdl_m/r1', score: 0.9 },
    };
    const [mine] = annotationOf(applyLayerOp(emptyLayer('usr_a'), at(1, op))).regions;
    expect(mine).toEqual({ id: 'r', kind: 'box', label: 'c', shape: {}, from: 'mdl_m/r1' });
  });

  it.each(['__proto__', 'constructor', 'toString'])('[RM11] %s is refused as a name', (name) => {
    const layer = applyLayerOp(emptyLayer('usr_a'), at(1, box('r')));
    expect(check(layer, box(name), anyContent)).toMatchObject({ code: 'room.op_refused' });
    const set = Object.fromEntries([[name, 1]]);
    expect(check(layer, { t: 'classify', set }, anyContent)).toMatchObject({ code: 'room.op_refused' });
    const attr = { [`attrs.${name}`]: 1 };
    expect(check(layer, { t: 'update', id: 'r', set: attr }, anyContent)).toMatchObject({
      code: 'room.op_refused',
    });
  });

  it('[RM12] what check calls “nothing” or refuses indeed changes nothing, and it never refuses what fits', () => {
    fc.assert(
      fc.property(logs, stream, (log, numbers) => {
        const layer = applyAll(emptyRoom, log).layers['usr_a'] ?? emptyLayer('usr_a');
        const op = randomClientOp(picker(numbers));
        const verdict = check(layer, op, anyContent);
        const after = applyLayerOp(layer, at(layer.lseq + 1, op));
        if (verdict !== 'fine') expect({ ...after, lseq: layer.lseq }).toEqual(layer);
      }),
    );
  });
});

describe('resends', () => {
  const entry = (seq: number, n: number): LogEntry => ({
    seq,
    layer: 'usr_a',
    lseq: seq,
    by: 'usr_a',
    client: 'client-1',
    n,
    at: 1,
    op: { t: 'classify', set: { q: n } },
  });
  it('[RM13] what is in is known, [RM14] what was jumped over is not taken for it', () => {
    let state = applyAll(emptyRoom, [entry(1, 1), entry(2, 2), entry(3, 5)]);
    expect([1, 2, 3, 4, 5, 6].map((n) => isResend(state, 'usr_a', 'client-1', n))).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
    ]);
    state = apply(state, entry(4, 3));
    expect(isResend(state, 'usr_a', 'client-1', 3)).toBe(true);
    expect(isResend(state, 'usr_a', 'client-1', 4)).toBe(false);
    expect(isResend(state, 'usr_a', 'client-2', 1)).toBe(false);
  });
  it('[RM13] another person’s client of the same id is another client', () => {
    const state = applyAll(emptyRoom, [entry(1, 1), entry(2, 2)]);
    expect([1, 2].map((n) => isResend(state, 'usr_b', 'client-1', n))).toEqual([false, false]);
    expect([newestOf(state, 'usr_a', 'client-1'), newestOf(state, 'usr_b', 'client-1')]).toEqual([2, 0]);
  });
  it('[RM14] no number that was jumped over is taken for one that is in, however far the jump', () => {
    const room = { seq: 0 };
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, (ns) => {
        room.seq = 0;
        const state = newRoom();
        for (const n of ns) applyInPlace(state, [entry(++room.seq, n)]);
        const known = new Set(ns);
        for (let n = 1; n <= 5001; n++) expect(isResend(state, 'usr_a', 'client-1', n)).toBe(known.has(n));
      }),
      { numRuns: 30 },
    );
  });
  it('[RM14] what is remembered of refusals is bounded', () => {
    const state = newRoom();
    for (let i = 1; i <= 1200; i++) applyInPlace(state, [entry(i, 2 * i)]);
    expect(Object.values(state.refused).map((ranges) => ranges.length)).toEqual([500]);
    expect(JSON.stringify(apply(emptyRoom, entry(1, 1_000_000_000))).length).toBeLessThan(1000);
  });
});

describe('optimistic client', () => {
  it('shows confirmed and pending; once confirmed the same, without flicker', () => {
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: 12 }), (numbers, count) => {
        const pick = picker(numbers);
        const ops = Array.from({ length: count }, (_, i) => ({
          n: i + 1,
          by: 'usr_a',
          at: 5,
          op: randomClientOp(pick),
        }));
        let confirmed = emptyLayer('usr_a');
        let pending: readonly (typeof ops)[number][] = ops;
        const shown = annotationOf(rebase(confirmed, pending));
        for (const p of ops) {
          const arrived = { ...at(confirmed.lseq + 1, p.op), client: 'me-client', n: p.n };
          confirmed = applyLayerOp(confirmed, arrived);
          pending = stillPending(pending, 'me-client', [arrived]);
          expect(annotationOf(rebase(confirmed, pending))).toEqual(shown);
        }
        expect(pending).toEqual([]);
      }),
    );
  });
});

describe('who sees what', () => {
  const withSubmission = apply(emptyRoom, {
    seq: 1,
    layer: 'usr_a',
    lseq: 1,
    by: 'usr_a',
    client: 'c',
    n: 1,
    at: 1,
    op: { t: 'submit', submissionId: 'sub_1', blind: true },
  });
  const a = { userId: 'usr_a', mode: 'annotate' } as const;
  const b = { userId: 'usr_b', mode: 'annotate' } as const;
  const reviewer = { userId: 'usr_r', mode: 'review' } as const;
  const rules = (visibility: 'blind' | 'open' | 'blind-then-open', suggestions = true) => ({
    visibility,
    suggestions,
  });

  it('[RM15] [RM16] by project, mode and own submission', () => {
    const see = (v: Parameters<typeof rules>[0], viewer: typeof a | typeof b | typeof reviewer) =>
      (['usr_a', 'usr_b', 'mdl_m', 'consensus'] as const).filter((l) =>
        maySee(viewer, l, rules(v), withSubmission),
      );
    expect(see('blind', a)).toEqual(['usr_a', 'mdl_m']);
    expect(see('blind-then-open', b)).toEqual(['usr_b', 'mdl_m']);
    expect(see('blind-then-open', a)).toEqual(['usr_a', 'usr_b', 'mdl_m', 'consensus']);
    expect(see('open', b)).toEqual(['usr_a', 'usr_b', 'mdl_m', 'consensus']);
    expect(see('blind', reviewer)).toEqual(['usr_a', 'usr_b', 'mdl_m', 'consensus']);
    expect(maySee(b, 'mdl_m', rules('open', false), withSubmission)).toBe(false);
    expect(isBlind(reviewer, rules('blind'), emptyRoom)).toBe(false);
  });

  it('[RM15] an audience sees exactly what each of its viewers may see', () => {
    fc.assert(
      fc.property(
        logs,
        fc.constantFrom('blind', 'open', 'blind-then-open' as const),
        fc.boolean(),
        fc.constantFrom('annotate', 'review' as const),
        (log, visibility, suggestions, mode) => {
          const state = applyAll(emptyRoom, log);
          const rules = { visibility, suggestions };
          for (const userId of ['usr_a', 'usr_b', 'usr_z'] as const) {
            const viewer = { userId, mode };
            const audience = audienceOf(viewer, rules, state);
            const layers = [
              'usr_a',
              'usr_b',
              'usr_z',
              'consensus',
              'mdl_m',
              ...Object.keys(state.layers),
            ] as const;
            for (const layer of layers)
              expect(audienceSees(audience, layer as 'consensus', rules)).toBe(
                maySee(viewer, layer as 'consensus', rules, state),
              );
          }
        },
      ),
    );
  });

  it('[RM15] nobody writes to another’s layer', () => {
    expect(mayWrite(a, 'usr_b', rules('open'))).toBe(false);
    expect(mayWrite(reviewer, 'usr_a', rules('open'))).toBe(false);
    expect(mayWrite(reviewer, 'usr_r', rules('open'))).toBe(false);
    expect(mayWrite(reviewer, 'consensus', rules('blind'))).toBe(true);
    expect(mayWrite(a, 'consensus', rules('blind'))).toBe(false);
    expect(mayWrite(a, 'consensus', rules('open'))).toBe(true);
    expect(mayWrite(a, 'mdl_m', rules('open'))).toBe(false);
  });

  it('[RM17] [RM18] seeing another’s content is what ends blindness', () => {
    expect(seesOthers(b, rules('open'), emptyRoom)).toBe(false);
    // An empty layer that was submitted says that there is nothing to mark.
    expect(seesOthers(b, rules('open'), withSubmission)).toBe(true);
    const drawn = apply(withSubmission, {
      seq: 2,
      layer: 'usr_a',
      lseq: 2,
      by: 'usr_a',
      client: 'c',
      n: 2,
      at: 1,
      op: box('r'),
    });
    expect(hasContent(drawn.layers['usr_a'])).toBe(true);
    expect(seesOthers(b, rules('open'), drawn)).toBe(true);
    expect(seesOthers(b, rules('blind-then-open'), drawn)).toBe(false);
    const exposed = apply(drawn, {
      seq: 3,
      layer: 'consensus',
      lseq: 1,
      by: 'server',
      client: 'server',
      n: 0,
      at: 1,
      op: { t: 'expose', userId: 'usr_b' },
    });
    expect(isBlindSubmission('usr_b', exposed)).toBe(false);
    expect(isBlindSubmission('usr_a', exposed)).toBe(true);
  });
});

describe('undo', () => {
  const world = () => {
    let layer = emptyLayer('consensus');
    let id = 0;
    const undo = createUndo({ me: 'usr_a', newId: () => `new${++id}` });
    const put = (op: ClientOp, by: string) => {
      layer = applyLayerOp(layer, at(layer.lseq + 1, op, by));
    };
    return {
      undo,
      layer: () => layer,
      mine(op: ClientOp) {
        undo.record(layer, op);
        put(op, 'usr_a');
      },
      theirs: (op: ClientOp) => put(op, 'usr_b'),
      back() {
        const result = undo.undo(layer);
        for (const op of result?.ops ?? []) put(op, 'usr_a');
        return result;
      },
      again() {
        const result = undo.redo(layer);
        for (const op of result?.ops ?? []) put(op, 'usr_a');
        return result;
      },
    };
  };
  const labels = (layer: LayerState) => annotationOf(layer).regions.map((r) => r.label);

  it('[RM19] reverts my last op, and redo brings it back', () => {
    const w = world();
    w.mine(box('r'));
    w.mine({ t: 'update', id: 'r', set: { label: 'dog' } });
    w.back();
    expect(labels(w.layer())).toEqual(['c']);
    w.again();
    expect(labels(w.layer())).toEqual(['dog']);
    w.back();
    w.back();
    expect(labels(w.layer())).toEqual([]);
    expect(w.undo.canUndo).toBe(false);
    w.again();
    w.again();
    expect(labels(w.layer())).toEqual(['dog']);
  });

  it('[RM19] leaves what somebody changed since and says so', () => {
    const w = world();
    w.mine(box('r'));
    w.mine({ t: 'update', id: 'r', set: { label: 'dog', 'attrs.a': 1 } });
    w.theirs({ t: 'update', id: 'r', set: { label: 'cat' } });
    expect(w.back()).toMatchObject({ left: [{ what: 'r.label', by: 'usr_b' }] });
    expect(annotationOf(w.layer()).regions[0]).toMatchObject({ label: 'cat' });
    expect(annotationOf(w.layer()).regions[0]!.attrs).toBeUndefined();
  });

  it('[RM20] a create somebody worked on stays; a deleted region comes back under a new id with its history', () => {
    const w = world();
    w.mine(box('r'));
    w.mine({ t: 'update', id: 'r', set: { label: 'dog' } });
    w.mine({ t: 'delete', id: 'r' });
    w.back();
    expect(annotationOf(w.layer()).regions).toMatchObject([{ id: 'new1', label: 'dog' }]);
    w.back();
    expect(labels(w.layer())).toEqual(['c']);
    w.theirs({ t: 'update', id: 'new1', set: { shape: { x: 3 } } });
    expect(w.back()).toMatchObject({ ops: [], left: [{ what: 'new1.shape', by: 'usr_b' }] });
    expect(labels(w.layer())).toEqual(['c']);
  });

  it('[RM19] never takes back a value another put there, whatever is done and undone', () => {
    fc.assert(
      fc.property(stream, (numbers) => {
        const pick = picker(numbers);
        const w = world();
        for (let i = 0; i < 40; i++) {
          const move = pick(4);
          if (move === 0) w.theirs(randomClientOp(pick));
          else if (move === 1) w.mine(randomClientOp(pick));
          else {
            const before = w.layer();
            if (move === 2) w.back();
            else w.again();
            for (const [id, region] of Object.entries(before.regions)) {
              const now = w.layer().regions[id];
              for (const [field, stamp] of Object.entries(region.stamps))
                if (stamp.by === 'usr_b') expect(now?.stamps[field]).toEqual(stamp);
            }
            for (const [key, answer] of Object.entries(before.answers))
              if (answer.stamp.by === 'usr_b') expect(w.layer().answers[key]).toEqual(answer);
          }
        }
      }),
    );
  });
});

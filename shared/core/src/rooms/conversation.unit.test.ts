import { describe, expect, it } from 'vitest';
import type { LayerId, UserId } from '../records/ids.ts';
import { applyAll, emptyRoom } from './apply.ts';
import { applyLayerOp, applyLayerOps } from './apply-layer.ts';
import { check } from './check.ts';
import { annotationOf, emptyLayer, hasContent } from './layer.ts';
import { type ClientOp, clientOp, type Op } from './op.ts';
import type { RoomState } from './state.ts';
import { isBlindSubmission, mayPut, namesTheHidden, seesOthers } from './visibility.ts';

const anyContent = { region: () => [], answer: () => [] };
const at = (lseq: number, op: Op, by = 'usr_ann') => ({ lseq, by, at: lseq * 10, op });
const comment = (id: string, more: object = {}): ClientOp =>
  clientOp.parse({ t: 'comment', id, region: null, text: 'why?', ...more });
const hand = (raised: boolean, text = ''): ClientOp => ({ t: 'hand', raised, text });
const ann = { userId: 'usr_ann', mode: 'annotate' } as const;
const ben = { userId: 'usr_ben', mode: 'annotate' } as const;
const eve = { userId: 'usr_eve', mode: 'review' } as const;
const rules = (visibility: 'blind' | 'open' | 'blind-then-open') => ({ visibility, suggestions: true });

/** A room of these entries, each `[layer, by, op]`. */
function roomOf(...entries: readonly (readonly [LayerId, string, Op])[]): RoomState {
  const lseqs = new Map<LayerId, number>();
  return applyAll(
    emptyRoom,
    entries.map(([layer, by, op], i) => {
      const lseq = (lseqs.get(layer) ?? 0) + 1;
      lseqs.set(layer, lseq);
      return { seq: i + 1, layer, lseq, by, client: 'c', n: i + 1, at: i, op };
    }),
  );
}
const submit: Op = { t: 'submit', submissionId: 'sub_1', blind: true };

describe('threads', () => {
  it('[RM30] a reply names the first comment of its thread, on the same layer', () => {
    const layer = applyLayerOps(emptyLayer('usr_ann'), [
      at(1, comment('c1')),
      at(2, comment('c2', { parent: 'c1', mentions: ['usr_eve'] }), 'usr_ben'),
    ]);
    expect(layer.comments).toMatchObject([
      { id: 'c1', by: 'usr_ann' },
      { id: 'c2', by: 'usr_ben', parent: 'c1', mentions: ['usr_eve'] },
    ]);
    expect(layer.comments[0]).not.toHaveProperty('parent');
    for (const parent of ['c2', 'c9']) {
      const reply = comment('c3', { parent });
      expect(check(layer, reply, anyContent)).toMatchObject({ code: 'room.op_refused' });
      expect(applyLayerOp(layer, at(3, reply)).comments).toEqual(layer.comments);
    }
  });

  it('[RM30] threads are resolved and opened again as a whole', () => {
    const layer = applyLayerOps(emptyLayer('usr_ann'), [
      at(1, comment('c1')),
      at(2, comment('c2', { parent: 'c1' })),
      at(3, { t: 'resolve', id: 'c1', resolved: true }),
    ]);
    expect(layer.comments.map((c) => c.resolved)).toEqual([true, false]);
    expect(check(layer, { t: 'resolve', id: 'c2', resolved: true }, anyContent)).toMatchObject({
      errors: [{ path: 'op.id', message: 'is a reply' }],
    });
    expect(check(layer, { t: 'resolve', id: 'c1', resolved: true }, anyContent)).toBe('nothing');
    expect(check(layer, { t: 'resolve', id: 'c1', resolved: false }, anyContent)).toBe('fine');
  });

  it('[RM30] comments written before there were threads are read as they are', () => {
    expect(comment('c1')).toEqual({ t: 'comment', id: 'c1', region: null, text: 'why?' });
    expect(clientOp.safeParse({ ...comment('c1'), mentions: ['nobody'] }).success).toBe(false);
    expect(clientOp.safeParse({ ...comment('c1'), parent: 'a b' }).success).toBe(false);
  });

  it('[RM31] colleagues comment on a layer when they see it and its owner is not blind', () => {
    const begun = roomOf(['usr_ann', 'usr_ann', comment('c1')]);
    const benDone = roomOf(['usr_ann', 'usr_ann', comment('c1')], ['usr_ben', 'usr_ben', submit]);
    const bothDone = roomOf(
      ['usr_ann', 'usr_ann', comment('c1')],
      ['usr_ben', 'usr_ben', submit],
      ['usr_ann', 'usr_ann', submit],
    );
    const may = (
      visibility: Parameters<typeof rules>[0],
      state: RoomState,
      who: typeof ben | typeof eve = ben,
    ) => mayPut(who, 'usr_ann', comment('c2', { parent: 'c1' }), rules(visibility), state);
    expect(may('open', begun)).toBe(true);
    expect(may('blind-then-open', begun)).toBe(false);
    // Ben sees Ann's layer now, but his words would be shown to her who is still blind.
    expect(may('blind-then-open', benDone)).toBe(false);
    expect(may('blind-then-open', bothDone)).toBe(true);
    expect(may('blind', bothDone)).toBe(false);
    expect(may('blind', begun, eve)).toBe(true);
    // Nobody makes a layer for somebody who has none.
    expect(mayPut(eve, 'usr_cid', comment('c2'), rules('open'), begun)).toBe(false);
    expect(mayPut(eve, 'mdl_m', comment('c2'), rules('open'), begun)).toBe(false);
    // Anything but comments stays its owner's.
    const create = { t: 'delete', id: 'r' } as const;
    expect(mayPut(eve, 'usr_ann', create, rules('open'), begun)).toBe(false);
    expect(mayPut(ben, 'usr_ann', create, rules('open'), begun)).toBe(false);
  });

  it('[RM32] nobody names on a blind person’s layer who else works on the task', () => {
    const begun = roomOf(['usr_ann', 'usr_ann', comment('c1')], ['usr_ben', 'usr_ben', comment('b1')]);
    const names = (visibility: Parameters<typeof rules>[0], ...mentions: UserId[]) =>
      namesTheHidden(
        comment('c2', { parent: 'c1', mentions }),
        'usr_ann',
        ['usr_ann', 'usr_cid'],
        rules(visibility),
        begun,
      );
    expect(names('blind', 'usr_ann', 'usr_eve')).toBe(false);
    // Ben has a layer, Cid only holds the task: both are hidden from Ann.
    expect(names('blind', 'usr_ben')).toBe(true);
    expect(names('blind-then-open', 'usr_eve', 'usr_cid')).toBe(true);
    expect(names('open', 'usr_ben')).toBe(false);
  });

  it('[RM31] [RM17] another’s words on one’s own layer end one’s blindness; one’s own do not', () => {
    const own = roomOf(['usr_ann', 'usr_ann', comment('c1')]);
    expect(seesOthers(ann, rules('blind'), own)).toBe(false);
    const answered = roomOf(
      ['usr_ann', 'usr_ann', comment('c1')],
      ['usr_ann', 'usr_eve', comment('c2', { parent: 'c1' })],
    );
    expect(seesOthers(ann, rules('blind'), answered)).toBe(true);
    expect(seesOthers(ben, rules('blind'), answered)).toBe(false);
  });
});

describe('raised hands', () => {
  it('[RM33] is raised by its owner, lowered by its owner or by who reviews', () => {
    const raised = roomOf(['usr_ann', 'usr_ann', hand(true, 'is this a name?')]);
    const may = (who: typeof ann | typeof ben | typeof eve, op: ClientOp) =>
      mayPut(who, 'usr_ann', op, rules('open'), raised);
    expect([may(ann, hand(true)), may(ann, hand(false))]).toEqual([true, true]);
    expect([may(ben, hand(true)), may(ben, hand(false))]).toEqual([false, false]);
    expect([may(eve, hand(true)), may(eve, hand(false))]).toEqual([false, true]);
    expect(mayPut(eve, 'consensus', hand(true), rules('open'), raised)).toBe(false);
    expect(mayPut(eve, 'usr_eve', hand(true), rules('open'), raised)).toBe(false);
    expect(check(emptyLayer('consensus'), hand(true), anyContent)).toMatchObject({ code: 'room.op_refused' });
    expect(clientOp.safeParse({ t: 'hand', raised: false, text: 'because' }).success).toBe(false);
  });

  it('[RM33] waits since it was first raised; new words are a new call', () => {
    const layer = applyLayerOps(emptyLayer('usr_ann'), [at(1, hand(true, 'a')), at(2, hand(true, 'a'))]);
    expect(layer.hand).toEqual({ at: 10, text: 'a' });
    expect(check(layer, hand(true, 'a'), anyContent)).toBe('nothing');
    expect(check(layer, hand(true, 'b'), anyContent)).toBe('fine');
    expect(applyLayerOp(layer, at(3, hand(true, 'b'))).hand).toEqual({ at: 30, text: 'b' });
    const lowered = applyLayerOp(layer, at(3, hand(false)));
    expect(lowered.hand).toBeNull();
    expect(check(lowered, hand(false), anyContent)).toBe('nothing');
  });

  it('[RM34] is no annotation and exposes nobody, but its words are content', () => {
    const silent = roomOf(['usr_ann', 'usr_ann', hand(true)]);
    expect(annotationOf(silent.layers['usr_ann']!)).toEqual({ regions: [], answers: {} });
    expect(hasContent(silent.layers['usr_ann'])).toBe(false);
    expect(seesOthers(ben, rules('open'), silent)).toBe(false);
    const worded = roomOf(['usr_ann', 'usr_ann', hand(true, 'spam?')]);
    expect(seesOthers(ben, rules('open'), worded)).toBe(true);
    expect(seesOthers(ben, rules('blind-then-open'), worded)).toBe(false);
    const answered = roomOf(['usr_ann', 'usr_ann', hand(true)], ['usr_ann', 'usr_eve', hand(false)]);
    expect(seesOthers(ann, rules('blind'), answered)).toBe(false);
    expect(isBlindSubmission('usr_ann', answered)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { apply, emptyRoom } from './apply.ts';
import { presenceFor } from './presence.ts';

const ann = { userId: 'usr_ann', mode: 'annotate' } as const;
const ben = { userId: 'usr_ben', mode: 'annotate' } as const;
const eve = { userId: 'usr_eve', mode: 'review' } as const;
const rules = (visibility: 'blind' | 'open' | 'blind-then-open') => ({ visibility, suggestions: true });
const everything = {
  cursor: { x: 3, y: 4 },
  viewport: { x: 0, y: 0, width: 10, height: 10 },
  selection: ['r1', 'usr_ann/r2', 'usr_ben/r3', 'mdl_m/s', 'consensus/r4'],
  busy: 'consensus/r4',
};
const annSubmitted = apply(emptyRoom, {
  seq: 1,
  layer: 'usr_ann',
  lseq: 1,
  by: 'usr_ann',
  client: 'c',
  n: 1,
  at: 1,
  op: { t: 'submit', submissionId: 'sub_1', blind: true },
});

describe('[RM35] what is sent of somebody’s presence', () => {
  it('to who sees everything: everything', () => {
    expect(presenceFor(ben, ann, everything, rules('open'), emptyRoom)).toEqual(everything);
    expect(presenceFor(eve, ann, everything, rules('blind'), emptyRoom)).toEqual({
      ...everything,
      // In a blind project annotators do not change the group's layer.
      busy: null,
    });
  });

  it('to the blind: nothing of colleagues, whatever the project’s way of being blind', () => {
    expect(presenceFor(ben, ann, everything, rules('blind'), annSubmitted)).toBeNull();
    expect(presenceFor(ben, ann, everything, rules('blind-then-open'), annSubmitted)).toBeNull();
    expect(presenceFor(ann, ben, everything, rules('blind-then-open'), annSubmitted)).not.toBeNull();
  });

  it('to the blind: of reviewers only what they select on layers the blind see', () => {
    expect(presenceFor(ann, eve, everything, rules('blind'), emptyRoom)).toEqual({
      selection: ['usr_ann/r2', 'mdl_m/s'],
      busy: null,
    });
    expect(presenceFor(ben, eve, { selection: ['usr_ann/r2'] }, rules('blind'), emptyRoom)).toEqual({
      selection: [],
    });
  });

  it('never that somebody holds what is not theirs to change', () => {
    expect(presenceFor(ben, ann, { busy: 'usr_ben/r3' }, rules('open'), emptyRoom)).toEqual({ busy: null });
    expect(presenceFor(ben, ann, { busy: 'r3' }, rules('open'), emptyRoom)).toEqual({ busy: 'r3' });
  });

  it('leaves out what did not change', () => {
    expect(presenceFor(ben, ann, { cursor: null }, rules('open'), emptyRoom)).toEqual({ cursor: null });
  });
});

import { describe, expect, it } from 'vitest';
import { emptyView, type LayerView } from '../../store/layer-view.ts';
import { cutAtMentions, matching, mentionAt, mentionsIn, withMention } from './mentions.ts';
import { notesByRegion, threadsOf } from './threads.ts';

describe('threads', () => {
  const comment = (id: string, at: number, more: object = {}) => ({
    id,
    region: null,
    by: 'usr_a',
    at,
    text: id,
    resolved: false,
    ...more,
  });
  const region = { id: 'r', kind: 'box', label: 'c', shape: {}, by: 'usr_a' };
  const layers: LayerView[] = [
    {
      ...emptyView('usr_a'),
      regions: [region],
      comments: [
        comment('done', 1, { resolved: true, region: 'r' }),
        comment('late', 5, { region: 'r' }),
        comment('reply-2', 9, { parent: 'late' }),
        comment('lost', 3, { region: 'gone' }),
      ],
    },
    { ...emptyView('consensus'), comments: [comment('early', 2)] },
  ];

  it('come open ones first, oldest first, with their replies and what they are about', () => {
    expect(threadsOf(layers).map((t) => [t.layer, t.first.id, t.replies.length, t.about?.id])).toEqual([
      ['consensus', 'early', 0, undefined],
      ['usr_a', 'lost', 0, undefined],
      ['usr_a', 'late', 1, 'r'],
      ['usr_a', 'done', 0, 'r'],
    ]);
  });

  it('are counted by region while they are open', () => {
    expect([...notesByRegion(layers)]).toEqual([['usr_a/r', 1]]);
  });
});

describe('mentions', () => {
  const people = [
    { id: 'usr_1', name: 'ada', display: 'Ada' },
    { id: 'usr_2', name: 'ada.l', display: 'Ada Lovelace' },
    { id: 'usr_3', name: 'chief', display: 'The Chief' },
    { id: 'usr_4', name: 'chief2', display: 'The Chief' },
  ];

  it('begin at an @ that stands by itself', () => {
    expect(mentionAt('ask @ad', 7)).toEqual({ start: 4, query: 'ad' });
    expect(mentionAt('@', 1)).toEqual({ start: 0, query: '' });
    expect(mentionAt('@The Ch', 7)).toEqual({ start: 0, query: 'The Ch' });
    expect(mentionAt('ada@example.org', 15)).toBeNull();
    expect(mentionAt('@ada\nthen', 9)).toBeNull();
  });

  it('are found by the beginning of a name or of one of its words', () => {
    expect(matching(people, 'ad').map((p) => p.id)).toEqual(['usr_1', 'usr_2']);
    expect(matching(people, 'lov').map((p) => p.id)).toEqual(['usr_2']);
    expect(matching(people, 'the ch').map((p) => p.id)).toEqual(['usr_3', 'usr_4']);
    expect(matching(people, 'chief2').map((p) => p.id)).toEqual(['usr_4']);
    expect(matching(people, 'xyz')).toEqual([]);
  });

  it('are written out at the caret', () => {
    const text = 'ask @ad please';
    expect(withMention(text, mentionAt(text, 7)!, 'Ada Lovelace')).toEqual({
      text: 'ask @Ada Lovelace please',
      caret: 18,
    });
  });

  it('are read from the text: the longer name is meant, and of several the chosen', () => {
    expect(mentionsIn('@Ada Lovelace, look', people, new Set())).toEqual(['usr_2']);
    expect(mentionsIn('@Ada and @Ada Lovelace', people, new Set())).toEqual(['usr_2', 'usr_1']);
    expect(mentionsIn('@The Chief', people, new Set(['usr_4']))).toEqual(['usr_4']);
    expect(mentionsIn('@The Chief', people, new Set())).toEqual(['usr_3', 'usr_4']);
    expect(mentionsIn('nobody', people, new Set(['usr_1']))).toEqual([]);
  });

  it('are set apart where they are shown', () => {
    expect(cutAtMentions('hi @Ada (x) @Ada Lovelace!', ['Ada', 'Ada Lovelace'])).toEqual([
      { text: 'hi ', mention: false },
      { text: '@Ada', mention: true },
      { text: ' (x) ', mention: false },
      { text: '@Ada Lovelace', mention: true },
      { text: '!', mention: false },
    ]);
    expect(cutAtMentions('a+b', [])).toEqual([{ text: 'a+b', mention: false }]);
  });
});

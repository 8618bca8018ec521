import type { User } from '@concord/core/records/user';
import { describe, expect, test } from 'vitest';
import { authorise } from './access.ts';
import { readBearer } from './caller.ts';
import { type OriginFacts, requireSameOrigin } from './same-origin.ts';

const user = (role: User['role']): User => ({
  id: 'usr_x',
  name: 'xx',
  display: 'x',
  role,
  active: true,
  passwordHash: null,
  color: '#000000',
  createdAt: 0,
});

function codeOf(run: () => void): string {
  try {
    run();
    return 'fine';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('authorise', () => {
  test('public lets everybody in; signed-in asks who; roles ask which; admin may all', () => {
    expect(codeOf(() => authorise('public', null, false))).toBe('fine');
    expect(codeOf(() => authorise('signed-in', null, false))).toBe('auth.required');
    expect(codeOf(() => authorise('signed-in', null, true))).toBe('auth.wrong');
    expect(codeOf(() => authorise('signed-in', user('consumer'), true))).toBe('fine');
    expect(codeOf(() => authorise(['lead'], user('annotator'), true))).toBe('auth.forbidden');
    expect(codeOf(() => authorise(['lead'], user('lead'), true))).toBe('fine');
    expect(codeOf(() => authorise([], user('lead'), true))).toBe('auth.forbidden');
    expect(codeOf(() => authorise([], user('admin'), true))).toBe('fine');
  });
});

describe('readBearer', () => {
  test.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc ', 'abc'],
    ['Basic abc', null],
    ['Bearer', null],
    [undefined, null],
  ])('%s -> %s', (header, key) => {
    expect(readBearer(header)).toBe(key);
  });
});

describe('requireSameOrigin', () => {
  const call: OriginFacts = {
    method: 'POST',
    host: 'label.example.org',
    origin: null,
    fetchSite: null,
    ownHeader: false,
    byKey: false,
    byCookie: true,
  };
  const verdict = (facts: Partial<OriginFacts>, publicUrl: string | null = null) =>
    codeOf(() => requireSameOrigin({ ...call, ...facts }, publicUrl));

  test('a cookie alone changes nothing', () => {
    expect(verdict({})).toBe('auth.forbidden');
  });
  test.each<[string, Partial<OriginFacts>]>([
    ['our own origin', { origin: 'https://label.example.org' }],
    ['a same-origin fetch', { fetchSite: 'same-origin' }],
    ['the custom header', { ownHeader: true }],
    ['an API key, wherever it comes from', { byKey: true, origin: 'https://elsewhere.example' }],
    ['reading', { method: 'GET', fetchSite: 'cross-site' }],
    ['neither cookie nor key (sign-in by a program)', { byCookie: false }],
  ])('%s passes', (_name, facts) => {
    expect(verdict(facts)).toBe('fine');
  });
  test.each<[string, Partial<OriginFacts>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'https://label.example.org:8443' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a cross-site fetch with the custom header', { fetchSite: 'cross-site', ownHeader: true }],
    ['a same-site sibling', { fetchSite: 'same-site' }],
    ['signing somebody in from elsewhere', { byCookie: false, origin: 'https://evil.example' }],
  ])('%s is refused', (_name, facts) => {
    expect(verdict(facts)).toBe('auth.forbidden');
  });
  test('behind a proxy, the address people use counts as own', () => {
    const facts = { host: '127.0.0.1:7300', origin: 'https://label.example.org' };
    expect(verdict(facts)).toBe('auth.forbidden');
    expect(verdict(facts, 'https://label.example.org')).toBe('fine');
  });
});

import { describe, expect, it } from 'vitest';
import { returnAddress, signInAddress } from './return-address.ts';

describe('returnAddress', () => {
  it('goes back to where the person was', () => {
    const address = signInAddress('/projects/prj_1/data?state=open');
    expect(returnAddress(address.slice(address.indexOf('?')))).toBe('/projects/prj_1/data?state=open');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/signin?to=/x',
  ])('does not follow %s', (to) => {
    expect(returnAddress(`?to=${encodeURIComponent(to)}`)).toBe('/');
  });
});

import { routes } from '@concord/core/protocol/routes';
import { describe, expect, it } from 'vitest';
import { addressOf, queryString } from './address.ts';
import { manifest } from './manifest.ts';

describe('addressOf', () => {
  it('fills parameters in, encoded', () => {
    expect(addressOf('projects.get', { project: 'prj_1' })).toEqual({
      method: 'GET',
      url: '/api/v1/projects/prj_1',
    });
    expect(addressOf('invites.get', { invite: 'a/b c' }).url).toBe('/api/v1/invites/a%2Fb%20c');
  });

  it('refuses a missing parameter instead of calling a wrong address', () => {
    expect(() => addressOf('tasks.get', {})).toThrow(/task/);
  });

  it('leaves out of the query what is not set', () => {
    expect(queryString({ state: undefined, q: '', limit: 50, archived: false })).toBe(
      '?limit=50&archived=false',
    );
    expect(queryString({})).toBe('');
  });
});

describe('manifest', () => {
  it('has every route of the table, as it stands there', () => {
    const table = Object.entries(routes).map(([name, r]) => [name, `${r.method} ${r.path}`]);
    expect(manifest).toEqual(Object.fromEntries(table));
  });
});

import { routes } from '@concord/core/protocol/routes';
import { describe, expect, test } from 'vitest';
import { openApi } from './openapi.ts';

type Operation = {
  operationId: string;
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, { content: Record<string, { schema: Record<string, unknown> }> }>;
};

describe('openApi', () => {
  const text = JSON.stringify(openApi());
  const document = JSON.parse(text) as {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, unknown> };
  };
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
  );

  test('has every route once, at its method and path', () => {
    expect(operations.map((o) => o.operationId).sort()).toEqual(Object.keys(routes).sort());
    for (const { operationId, path, method } of operations) {
      const route = routes[operationId as keyof typeof routes];
      expect(method).toBe(route.method.toLowerCase());
      expect(path.replace(/\{(\w+)\}/g, ':$1')).toBe(route.path);
    }
  });

  test('every part of a path is a required parameter', () => {
    for (const { path, parameters } of operations) {
      const inPath = parameters.filter((p) => p.in === 'path');
      expect(inPath.map((p) => `{${p.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every((p) => p.required)).toBe(true);
    }
  });

  test('every reference leads somewhere', () => {
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      (m) => m[1] ?? '',
    );
    expect(references.length).toBeGreaterThanOrEqual(operations.length);
    const missing = references.filter((name) => !(name in document.components.schemas));
    expect(missing).toEqual([]);
    expect(text).not.toContain('"#/$defs/');
  });

  test('bodies, queries and answers carry their schemas; what has a default need not be sent', () => {
    const create = document.paths['/projects']?.['post'];
    const body = create?.requestBody?.content['application/json']?.schema;
    expect(create?.requestBody?.required).toBe(true);
    expect(body?.['required']).toEqual(['name', 'schema']);
    const list = document.paths['/projects']?.['get'];
    expect(list?.parameters.map((p) => [p.name, p.required])).toEqual([
      ['after', false],
      ['limit', false],
      ['archived', false],
    ]);
    const answer = list?.responses['200']?.content['application/json']?.schema;
    expect(answer?.['required']).toEqual(['items', 'next']);
    expect(document.paths['/projects/{project}/next']?.['post']?.requestBody?.required).toBe(false);
  });
});

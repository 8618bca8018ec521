import { errorTable } from '@concord/core/errors/concord-error';
import { type Route, routes } from '@concord/core/protocol/routes';
import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/** The OpenAPI 3.1 description of the HTTP surface, made from the one table that also makes the server. */
export function openApi(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const item = paths[path] ?? {};
    paths[path] = item;
    item[route.method.toLowerCase()] = operation(name, route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Concord',
      version: '1',
      description:
        'Real-time collaborative labelling. Sign in with `Authorization: Bearer <API key>` or a session cookie. ' +
        'Errors are RFC 9457 problems; lists are paged by `after`. The sockets are described in docs/protocol.md.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'concord_session' },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

function operation(name: string, route: Route): JsonSchema {
  const pathNames = [...route.path.matchAll(/:(\w+)/g)].map((m) => m[1] ?? '');
  const query = route.query ? schemaOf(route.query, 'input') : null;
  const queryProperties = (query?.['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = (query?.['required'] ?? []) as string[];
  return {
    operationId: name,
    tags: [name.split('.')[0]],
    summary: route.summary,
    description: accessText(route.access),
    'x-access': route.access,
    ...(route.access === 'public' ? { security: [] } : {}),
    parameters: [
      ...pathNames.map((p) => ({ name: p, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(queryProperties).map(([p, s]) => ({
        name: p,
        in: 'query',
        required: required.includes(p),
        schema: s,
      })),
      ...(route.idempotent
        ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string' } }]
        : []),
    ],
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }
      : {}),
    ...(route.rawBody
      ? {
          requestBody: {
            required: true,
            content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
          },
        }
      : {}),
    responses: {
      '200': {
        description: 'Done',
        content: route.raw
          ? { [route.raw]: { schema: { type: 'string' } } }
          : { 'application/json': { schema: route.response ? schemaOf(route.response, 'output') : {} } },
      },
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** JSON Schema of a zod schema. Any JSON is allowed where the schema checks a value by code. */
function schemaOf(of: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(of, { io, unrepresentable: 'any' }) as JsonSchema;
  return schema;
}

function accessText(access: Route['access']): string {
  if (access === 'public') return 'Anybody may call it.';
  if (access === 'signed-in') return 'Whoever is signed in may call it.';
  return `Roles: ${[...access, 'admin'].join(', ')}.`;
}

const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'retry', 'errors'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errorTable) },
    detail: { type: 'string' },
    retry: { type: 'boolean', description: 'Whether the same call may succeed later.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string' },
          message: { type: 'string' },
          value: {},
          remedy: { type: 'string' },
        },
      },
    },
  },
};

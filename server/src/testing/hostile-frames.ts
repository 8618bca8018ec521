import fc from 'fast-check';

/** What of the world a hostile client knows and names. */
export interface Targets {
  readonly tasks: readonly string[];
  readonly layers: readonly string[];
  readonly project: string;
  /** The hostile client's own layer and key. */
  readonly self: string;
  readonly key: string;
}

type Message = readonly [event: string, body: unknown];

const client = 'hostile-client';
const oddities: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\ud800',
  'x'.repeat(70_000),
  [],
  {},
  [[[[[[[[[[]]]]]]]]]],
  Array(600).fill(0),
  { __proto__: null, constructor: { prototype: {} } },
];

/** Messages as a good client would send them, about everything that is there. */
function messages({ tasks, layers, project, self }: Targets): fc.Arbitrary<Message> {
  const task = fc.constantFrom(...tasks);
  const layer = fc.constantFrom(...layers, self, self, self);
  const n = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 60 }) }, fc.constant(2 ** 40));
  const label = fc.constantFrom('spam', 'ham', 'eggs');
  const region = fc.record({
    id: fc.constantFrom('r1', 'r2', 'r3'),
    kind: fc.constantFrom('span', 'box', ''),
    label,
    shape: fc.record({ start: fc.integer(), end: fc.integer() }),
  });
  const id = fc.constantFrom('r1', 'r2', 'c1', 'c2');
  const op = fc.oneof(
    fc.record({ t: fc.constant('classify'), set: fc.record({ label, reason: fc.string() }) }),
    fc.record({ t: fc.constant('create'), region }),
    fc.record({ t: fc.constant('update'), id, set: fc.record({ label, 'attrs.a': fc.jsonValue() }) }),
    fc.record({ t: fc.constant('delete'), id }),
    fc.record({ t: fc.constant('comment'), id, region: fc.constant(null), text: fc.string() }),
    fc.record({
      t: fc.constant('comment'),
      id,
      region: id,
      text: fc.constant('hey'),
      parent: id,
      mentions: fc.array(layer),
    }),
    fc.record({ t: fc.constant('resolve'), id, resolved: fc.boolean() }),
    fc.record({ t: fc.constant('hand'), raised: fc.boolean(), text: fc.string() }),
    fc.record({ t: fc.constantFrom('expose', 'submit', 'finalize', 'replace'), userId: layer }),
  );
  const ops = fc.array(fc.record({ n, layer, op }), { minLength: 1, maxLength: 8 });
  const since = fc.dictionary(layer, fc.nat(20), { maxKeys: 3 });
  const at = { task, client: fc.constant(client) };
  const place = layer.map((name) => `${name}/r1`);
  const of = (event: string, body: fc.Arbitrary<unknown>) => fc.tuple(fc.constant(event), body);
  return fc.oneof(
    {
      weight: 3,
      arbitrary: of('room:join', fc.record({ ...at, mode: fc.constantFrom('annotate', 'review'), since })),
    },
    { weight: 8, arbitrary: of('room:ops', fc.record({ ...at, ops })) },
    of('room:submit', fc.record({ ...at, n, leadTimeMs: fc.nat() })),
    of('room:withdraw', fc.record({ ...at, n })),
    // Who skips a task does not get it again: not the one where the others are.
    of('room:skip', fc.record({ task: fc.constantFrom(...tasks.slice(-2)), reason: fc.string() })),
    of('room:resolve', fc.record({ ...at, n, reason: fc.constant('mine'), revision: fc.nat(3) })),
    of('room:leave', fc.record({ task, release: fc.boolean() })),
    of(
      'room:presence',
      fc.record({
        task,
        cursor: fc.record({ x: fc.double(), y: fc.double() }),
        selection: fc.array(place),
        busy: place,
      }),
    ),
    of(
      'live:subscribe',
      fc.record({
        topics: fc.array(
          fc.constantFrom(
            'projects',
            'disputes',
            'rooms',
            `project:${project}`,
            'project:prj_none',
            'notifications',
          ),
        ),
      }),
    ),
    of('room:nonsense', fc.jsonValue()),
  );
}

/** One field of a message, chosen by number, is put out of shape. */
function bent(value: unknown, [choice, how, odd]: readonly [number, string, unknown]): unknown {
  const copy = structuredClone(value);
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const walk = (here: unknown): void => {
    if (typeof here !== 'object' || here === null) return;
    for (const [key, item] of Object.entries(here)) {
      places.push([here as Record<string, unknown>, key]);
      walk(item);
    }
  };
  walk(copy);
  const found = places[choice % Math.max(1, places.length)];
  if (found === undefined || how === 'whole') return odd;
  const [holder, key] = found;
  if (how === 'put') holder[key] = odd;
  else if (how === 'take') delete holder[key];
  else if (how === 'add') holder['extra'] = odd;
  else holder[key] = [holder[key]];
  return copy;
}

/** Text frames of a hostile client, from well formed to none of anything. */
export function hostileFrames(targets: Targets): fc.Arbitrary<string> {
  const message = messages(targets);
  const odd = fc.oneof(fc.constantFrom(...oddities), fc.jsonValue());
  const bend = fc.tuple(
    fc.nat(40),
    fc.constantFrom('put', 'put', 'put', 'take', 'add', 'wrap', 'whole'),
    odd,
  );
  // One that is not connected to ends the connection.
  const namespace = fc.oneof(
    { weight: 60, arbitrary: fc.constant('/rooms') },
    { weight: 10, arbitrary: fc.constant('/live') },
    { weight: 1, arbitrary: fc.constantFrom('/none', '/') },
  );
  const id = fc.oneof(fc.nat(50).map(String), fc.constantFrom('', '99999999999999999999', '-1'));
  const event = fc
    .tuple(namespace, id, message, fc.array(bend, { maxLength: 2 }))
    .map(
      ([to, ack, [name, body], bends]) => `42${to},${ack}${JSON.stringify([name, bends.reduce(bent, body)])}`,
    );
  const auth = JSON.stringify({ token: targets.key, protocol: 2 });
  const junk = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.constantFrom(
      '0',
      '1',
      '2',
      '3',
      '5',
      '6',
      '4',
      '42',
      '42/rooms,',
      '42/rooms,[',
      '42/rooms,{}',
      '42/rooms,[]',
      '42/rooms,["disconnect"]',
      '42/rooms,[null]',
    ),
    fc.constantFrom(
      '451-/rooms,["room:ops",{"_placeholder":true,"num":0}]',
      '45999999-/rooms,["x"]',
      '46/rooms,1[]',
      '43/rooms,1[]',
    ),
    fc.constantFrom(
      `40/rooms,${auth}`,
      `40/live,${auth}`,
      '40/rooms,{}',
      '40/rooms,[',
      '40',
      '41/rooms,',
      '41',
      '44/rooms,{}',
    ),
    fc.nat(3000).map((depth) => `42/rooms,1["room:ops",${'['.repeat(depth)}${']'.repeat(depth)}]`),
    event.chain((frame) => fc.nat(frame.length).map((cut) => frame.slice(0, cut))),
  );
  const huge = fc
    .constantFrom(300_000, 2_000_000, 9_000_000)
    .map(
      (size) =>
        `42/rooms,7${JSON.stringify(['room:ops', { task: targets.tasks[0], client, ops: 'y'.repeat(size) }])}`,
    );
  return fc.oneof(
    { weight: 60, arbitrary: event },
    { weight: 3, arbitrary: junk },
    { weight: 1, arbitrary: huge },
  );
}

import type { Encoding } from '@concord/core/records/import';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detect, type Table } from './format.ts';
import { rowsOf } from './rows.ts';

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Rows as `values`, refusals as "row: message" (row–until where more were lost). */
async function read(
  format: Table,
  content: string | Uint8Array,
  { encoding = 'utf-8', size = 1 << 16 }: { encoding?: Encoding; size?: number } = {},
): Promise<unknown[]> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const out: unknown[] = [];
  for await (const row of rowsOf(format, chunks(bytes, size), encoding)) {
    if ('values' in row) out.push(row.values);
    else {
      const { row: from, until, message } = row.error;
      out.push(`${until === undefined ? from : `${from}–${until}`}: ${message}`);
    }
  }
  return out;
}

const text = (...values: string[]) => values.map((value) => ({ text: value }));
const latin1 = (content: string) => Buffer.from(content, 'latin1');
const long = 'L'.repeat(8 * 1024 * 1024 + 1);

describe('tables', () => {
  it('reads cells with quotes, delimiters and new lines in them exactly', async () => {
    const file =
      'text,id\r\n"a, ""quoted"" comma",1\r\nin the "middle" it is text,2\r\n"line\r\nbreak",3\r\n,\r\n';
    expect(await read('csv', file)).toEqual([
      { text: 'a, "quoted" comma', id: '1' },
      { text: 'in the "middle" it is text', id: '2' },
      { text: 'line\r\nbreak', id: '3' },
      { text: '', id: '' },
    ]);
  });

  it.each([
    ['semicolons as Excel writes them in Europe', 'csv', '\ufeffNr;Text\r\n1;"Grüße; mit Semikolon"\r\n'],
    ['tabs in a CSV file', 'csv', 'Nr\tText\n1\t"Grüße; mit Semikolon"\n'],
    ['bars', 'csv', 'Nr|Text\n1|Grüße; mit Semikolon\n'],
    ['old line ends', 'csv', 'Nr,Text\r1,Grüße; mit Semikolon\r'],
    ['a header with another delimiter between quotes', 'csv', '"Nr";"Te,x,t"\n1;Grüße\n'],
    ['commas in a TSV file', 'tsv', 'Nr,Text\n1,Grüße; mit Semikolon\n'],
  ] as const)('finds the delimiter: %s', async (_what, format, file) => {
    const [row] = (await read(format, file)) as Record<string, string>[];
    expect(Object.values(row!)).toEqual(['1', expect.stringMatching(/^Grüße/)]);
  });

  it('takes quotes in a file with tabs for text where they are not closed as cells', async () => {
    expect(await read('tsv', 'text\tid\n"Hello" he said\t1\nand "so on\t2\n"a\tb"\t3\n')).toEqual([
      { text: '"Hello" he said', id: '1' },
      { text: 'and "so on', id: '2' },
      { text: 'a\tb', id: '3' },
    ]);
  });

  it('names a row with too many or too few cells once, and goes on', async () => {
    expect(await read('csv', 'text,n\nfirst,1\ntoo,many,cells\nshort\n\nlast,2\n')).toEqual([
      { text: 'first', n: '1' },
      '3: has 3 cells, the header has 2',
      '4: has 1 cell, the header has 2',
      { text: 'last', n: '2' },
    ]);
  });

  it('says which rows an open quote took along, and goes on where it can', async () => {
    expect(await read('csv', 'text,n\none,1\n"broken,2\nthree,3\nfour,4\n')).toEqual([
      { text: 'one', n: '1' },
      '3–5: a quote that is opened in this row is not closed: rows 3 to 5 (3) were not read',
    ]);
    expect(await read('csv', 'text,n\n"broken,2\nthree,3\n"four",4\nfive,5\n')).toEqual([
      '2–4: a quote that is opened in this row is not closed: rows 2 to 4 (3) were not read',
      { text: 'five', n: '5' },
    ]);
    expect(await read('csv', 'text,n\n"closed" and more,1\nfine,2\n')).toEqual([
      '2: text follows a closing quote',
      { text: 'fine', n: '2' },
    ]);
  });

  it('gives an open quote up after 8 MB, and a line of more than 8 MB by itself', async () => {
    const line = `${'x'.repeat(1 << 20)}\n`;
    const [lost, ...rest] = await read('csv', `text\n"open\n${line.repeat(9)}good\n`);
    expect(lost).toMatch(/^2–\d+: a quote/);
    expect(rest.at(-1)).toEqual({ text: 'good' });
    expect(await read('csv', `text\nshort\n${long}\ngood\n`)).toEqual([
      { text: 'short' },
      '3: is longer than 8 MB',
      { text: 'good' },
    ]);
  });

  it('calls every column something, each once', async () => {
    expect(await read('csv', 'text,,text,__proto__\na,b,c,d\n')).toEqual([
      Object.fromEntries([
        ['text', 'a'],
        ['column 2', 'b'],
        ['text (2)', 'c'],
        ['__proto__', 'd'],
      ]),
    ]);
  });

  it('refuses a header that cannot be read, as a whole', async () => {
    await expect(read('csv', latin1('schön,n\n1,2\n'))).rejects.toThrow(
      'Line 1, the header, is not UTF-8 text.',
    );
    await expect(read('csv', 'text,"n\n1,2\n')).rejects.toThrow('Line 1, the header, opens a quote');
  });

  it('reads whatever was written by the rules, in chunks of any size', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '😀', '"', ',', '\n', '\r', ' ', ';') });
    const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        async (rows, size, newLine) => {
          const file = [['x', 'y'], ...rows].map((row) => row.map(quoted).join(',')).join(newLine);
          expect(await read('csv', file, { size })).toEqual(rows.map(([x, y]) => ({ x, y })));
        },
      ),
    );
  });
});

describe('encodings', () => {
  it('names the rows that are not UTF-8 and takes the others', async () => {
    expect(await read('csv', latin1('text\ngut\nschön\ngut 2\n'))).toEqual([
      { text: 'gut' },
      '3: is not UTF-8 text',
      { text: 'gut 2' },
    ]);
    expect(await read('jsonl', latin1('{"text":"a"}\n{"text":"schön"}\n{"text":"b"}'))).toEqual([
      { text: 'a' },
      '2: is not UTF-8 text',
      { text: 'b' },
    ]);
    expect(await read('json', latin1('[{"text":"a"},\n{"text":"schön"},\n{"text":"b"}]'))).toEqual([
      { text: 'a' },
      '2: is not UTF-8 text',
      { text: 'b' },
    ]);
    expect(await read('text', latin1('eins\nschön\n'))).toEqual(['2: is not UTF-8 text']);
    // Cut in the middle of a character.
    expect(await read('csv', Buffer.from('text\ngut\nschö').subarray(0, -1))).toEqual([
      { text: 'gut' },
      '3: is not UTF-8 text',
    ]);
  });

  it('reads the encoding it is told, and believes a byte order mark', async () => {
    const windows = Buffer.from([0x74, 0x0a, 0x80, 0x31, 0x20, 0x96, 0x20, 0xfc, 0x0a]);
    expect(await read('csv', windows, { encoding: 'windows-1252' })).toEqual([{ t: '€1 – ü' }]);
    const utf16 = Buffer.from('t\nÄpfel 😀\n', 'utf16le');
    expect(await read('csv', utf16, { encoding: 'utf-16' })).toEqual([{ t: 'Äpfel 😀' }]);
    expect(await read('csv', Buffer.from(utf16).swap16(), { encoding: 'utf-16' })).toEqual([
      { t: 'Äpfel 😀' },
    ]);
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]);
    const swapped = Buffer.from(marked).swap16();
    for (const size of [1, 3, 1 << 16]) {
      expect(await read('csv', marked, { size })).toEqual([{ t: 'Äpfel 😀' }]);
      expect(await read('csv', swapped, { size })).toEqual([{ t: 'Äpfel 😀' }]);
    }
    expect(await read('csv', '\ufefft\nÄpfel\n', { size: 1 })).toEqual([{ t: 'Äpfel' }]);
    const alone = Buffer.from('t\nok\n\ud800x\nok\n', 'utf16le');
    expect(await read('csv', alone, { encoding: 'utf-16' })).toEqual([
      { t: 'ok' },
      '3: is not UTF-16 text',
      { t: 'ok' },
    ]);
  });

  it('knows UTF-16 without a mark, and what is no text, by its zeros', () => {
    const utf16 = Buffer.from('t\n', 'utf16le');
    expect(() => detect('a.csv', utf16, 'utf-8')).toThrow('holds zero bytes');
    expect(detect('a.csv', utf16, 'utf-16')).toBe('csv');
  });
});

describe('JSON', () => {
  const deep = (n: number) => `{"text":"x","d":${'['.repeat(n)}${']'.repeat(n)}}`;

  it('refuses a line for itself: no JSON, no object, too deep, too long', async () => {
    const file = [
      '{"text":"a"}',
      '{"text": "b',
      '[1,2]',
      deep(5000),
      `{"text":"${long}"}`,
      '',
      '{"text":"c"}',
    ];
    expect(await read('jsonl', file.join('\r\n'))).toEqual([
      { text: 'a' },
      '2: is not JSON',
      '3: is not an object',
      '4: is nested more than 32 levels deep',
      '5: is longer than 8 MB',
      { text: 'c' },
    ]);
  });

  it('refuses an item of a list for itself', async () => {
    const file = `[{"text":"a"}, {"text":oops}, 7, ${deep(5000)}, {"text":"${long}"},\n {"text":"c"}]\n`;
    expect(await read('json', file)).toEqual([
      { text: 'a' },
      '2: is not JSON',
      '3: is not an object',
      '4: is nested more than 32 levels deep',
      '5: is longer than 8 MB',
      { text: 'c' },
    ]);
  });

  it('says where a list breaks off, or that something follows it', async () => {
    expect(await read('json', '[\n {"text":"a"},\n {"text":"tru')).toEqual([
      { text: 'a' },
      '2: the file ends within this item, which begins in line 3',
    ]);
    expect(await read('json', '[\n {"text":"a"}')).toEqual([
      '1: the file ends within this item, which begins in line 2',
    ]);
    expect(await read('json', '[{"text":"a"}]\n[{"text":"b"}]')).toEqual([
      { text: 'a' },
      '2: the list ends before line 2; what follows was not read',
    ]);
    expect(await read('json', ' [ ] \n')).toEqual([]);
  });

  it('takes one object as one row, objects one after the other as rows, and the list that an object wraps', async () => {
    expect(await read('json', '{\n  "text": "one",\n  "tags": [{"a": 1}]\n}\n')).toEqual([
      { text: 'one', tags: [{ a: 1 }] },
    ]);
    expect(await read('json', '{\n "text": "one"\n}\n{\n "text": "two"\n}')).toEqual(text('one', 'two'));
    expect(await read('json', '{"items": [{"text": "one"}, 2, {"text": "two"}]}')).toEqual([
      { text: 'one' },
      '2: is not an object',
      { text: 'two' },
    ]);
    expect(await read('json', '{"count": 1, "results": [{"text": "one"}]}')).toEqual(text('one'));
    const task = { data: { text: 'one' }, annotations: [] };
    expect(await read('json', JSON.stringify(task))).toEqual([task]);
    await expect(read('json', ' "text" ')).rejects.toThrow('neither a JSON list nor a JSON object');
  });

  it.each([
    ['a.json', '[1]', 'json'],
    ['a.jsonl', '[1]', 'json'],
    ['a.json', '{\n "text": 1}', 'json'],
    ['a.json', '{"items":[1]}', 'json'],
    ['a.json', '{"text":1}\n{"text":2}', 'jsonl'],
    ['a.ndjson', '{"text":', 'jsonl'],
  ])('%s with %s is %s', (name, head, format) => {
    expect(detect(name, Buffer.from(head), 'utf-8')).toBe(format);
  });

  it('reads any list in chunks of any size', async () => {
    const item = fc
      .dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
      .map((o) => JSON.parse(JSON.stringify(o)) as object);
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 5 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(0, 2),
        async (items, size, indent) => {
          const rows = await read('json', JSON.stringify(items, null, indent), { size });
          expect(rows).toEqual(items);
          const several = items.map((one) => JSON.stringify(one, null, indent)).join('\n');
          if (items.length > 1) expect(await read('json', several, { size })).toEqual(items);
        },
      ),
    );
  });
});

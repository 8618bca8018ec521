/** Deterministic e-mail-like texts (about 150 characters), the same for every server measured. */
const words =
  'meeting offer invoice free agenda prize report click budget winner schedule discount minutes urgent project account review password team credit notes limited draft deal lunch guarantee release order thanks bonus'.split(
    ' ',
  );

/** mulberry32: a small seeded generator, uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function texts(n: number, seed: number, prefix: string): string[] {
  const random = seeded(seed);
  return Array.from({ length: n }, (_, i) => {
    const body = Array.from({ length: 20 }, () => words[Math.floor(random() * words.length)]).join(' ');
    return `${prefix} ${i}: ${body}`;
  });
}

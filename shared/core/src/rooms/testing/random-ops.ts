import type { ClientOp, LogEntry, Op } from '../op.ts';

/** A small world, so that random ops meet: few regions, few fields. `pick` gives a whole number in [0, n). */
export function randomClientOp(pick: (n: number) => number): ClientOp {
  const id = `r${pick(4)}`;
  switch (pick(8)) {
    case 0:
    case 1:
      return {
        t: 'create',
        region: { id, kind: 'box', label: `c${pick(3)}`, shape: { x: pick(9) }, attrs: { a: pick(3) } },
      };
    case 2:
      return { t: 'update', id, set: { label: `c${pick(3)}` } };
    case 3:
      return { t: 'update', id, set: { shape: { x: pick(9) }, 'attrs.a': pick(2) === 0 ? null : pick(9) } };
    case 4:
      return { t: 'delete', id };
    case 5:
      return { t: 'classify', set: { [`q${pick(2)}`]: pick(3) === 0 ? null : `v${pick(3)}` } };
    case 6: {
      const raised = pick(2) === 0;
      return { t: 'hand', raised, text: raised && pick(2) === 0 ? 'help' : '' };
    }
    default:
      return randomCommentOp(pick);
  }
}

function randomCommentOp(pick: (n: number) => number): ClientOp {
  const id = `k${pick(4)}`;
  switch (pick(3)) {
    case 0:
      return { t: 'comment', id, region: null, text: 'why', mentions: ['usr_b'] };
    case 1:
      return { t: 'comment', id, region: `r${pick(4)}`, text: 'because', parent: `k${pick(4)}` };
    default:
      return { t: 'resolve', id, resolved: pick(2) === 0 };
  }
}

const layers = ['usr_a', 'usr_b', 'mdl_m', 'consensus'] as const;

/** A log of a room as a server could have written it. */
export function randomLog(pick: (n: number) => number, length: number): LogEntry[] {
  const lseq = new Map<string, number>();
  return Array.from({ length }, (_, i) => {
    const layer = layers[pick(layers.length)]!;
    const next = (lseq.get(layer) ?? 0) + 1;
    lseq.set(layer, next);
    const op: Op = pick(6) === 0 ? randomServerOp(pick) : randomClientOp(pick);
    const by = layer === 'consensus' ? `usr_${pick(2) === 0 ? 'a' : 'b'}` : layer;
    return { seq: i + 1, layer, lseq: next, by, client: `c-${by}`, n: i + 1, at: 1000 + i, op };
  });
}

function randomServerOp(pick: (n: number) => number): Op {
  switch (pick(5)) {
    case 0:
      return {
        t: 'replace',
        version: pick(5),
        annotation: {
          regions: [{ id: `r${pick(4)}`, kind: 'box', label: 'c0', shape: { x: 1 }, score: 0.5 }],
          answers: { q0: 'v0' },
        },
      };
    case 1:
      return { t: 'submit', submissionId: `sub_${pick(3)}`, blind: true };
    case 2:
      return { t: 'withdraw', submissionId: `sub_${pick(3)}` };
    case 3:
      return { t: 'expose', userId: pick(2) === 0 ? 'usr_a' : 'usr_b' };
    default:
      return { t: 'finalize', revision: 1 + pick(3) };
  }
}

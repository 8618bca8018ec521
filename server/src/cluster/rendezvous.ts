import { createHash } from 'node:crypto';

/**
 * Which of these has the room: the one whose hash with it is highest. Everybody who knows the same nodes says the same, and
 * when one comes or goes only the rooms move that are its own. Null when there are none.
 */
export function ownerAmong<N extends { readonly id: string }>(nodes: readonly N[], room: string): N | null {
  let best: N | null = null;
  let highest = -1;
  for (const node of nodes) {
    const weight = createHash('sha256').update(`${node.id} ${room}`).digest().readUIntBE(0, 6);
    if (weight <= highest) continue;
    highest = weight;
    best = node;
  }
  return best;
}

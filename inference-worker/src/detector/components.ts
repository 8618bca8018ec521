export interface Blob {
  /** Inclusive bounds in map cells. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Cells in it, and their mean probability. */
  readonly cells: number;
  readonly score: number;
}

/** Connected areas (8 neighbours) of a probability map above a threshold. `map` is height × width, row-major. */
export function components(map: Float32Array, width: number, height: number, threshold: number): Blob[] {
  const seen = new Uint8Array(width * height);
  const stack: number[] = [];
  const found: Blob[] = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] === 1 || map[start]! < threshold) continue;
    let left = width;
    let right = 0;
    let top = height;
    let bottom = 0;
    let cells = 0;
    let sum = 0;
    seen[start] = 1;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop()!;
      const x = at % width;
      const y = (at - x) / width;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      cells += 1;
      sum += map[at]!;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (seen[next] === 0 && map[next]! >= threshold) {
            seen[next] = 1;
            stack.push(next);
          }
        }
      }
    }
    found.push({ left, top, right, bottom, cells, score: sum / cells });
  }
  return found;
}

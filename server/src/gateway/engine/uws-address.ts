/** An address as Node writes it, from its 4 or 16 bytes. */
export function addressOf(binary: ArrayBuffer): string {
  const bytes = new Uint8Array(binary);
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return 'unknown';
  const mapped = bytes.subarray(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 255));
  if (mapped) return `::ffff:${bytes.subarray(12).join('.')}`;
  const view = new DataView(binary);
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(i * 2).toString(16));
  // The URL parser writes IPv6 the short way.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

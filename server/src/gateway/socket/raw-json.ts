import { Decoder, type Packet, PacketType } from 'socket.io-parser';

/** JSON that is encoded already. As an event's or an answer's argument it goes onto the wire as it is. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** For whoever does not know it: the same value, at the cost of encoding it again. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

const encoded = (value: unknown): string =>
  value instanceof RawJson ? value.text : (JSON.stringify(value) ?? 'null');

/**
 * socket.io's text encoding (its protocol, version 5) without a search for binary data, which Concord never sends:
 * what a client of any language reads is the same.
 */
class Encoder {
  encode({ type, nsp, id, data }: Packet): [string] {
    const text =
      Array.isArray(data) && (type === PacketType.EVENT || type === PacketType.ACK)
        ? `[${data.map(encoded).join(',')}]`
        : data === undefined || data === null
          ? ''
          : JSON.stringify(data);
    return [`${type}${nsp && nsp !== '/' ? `${nsp},` : ''}${id ?? ''}${text}`];
  }
}

/** The `parser` option of a socket.io server. */
export const rawJsonParser = { Encoder, Decoder };

/** Keys of tries as text: a length in bits before the bytes of an address. */

import { littleEndian } from '../btf/byte-order.js';
import { type Codec, ipv4, ipv6 } from '../codec/index.js';
import { BpfError } from '../errors/bpf-error.js';

/** Bytes of an address as text, and back. */
type Address = Pick<Codec<string>, 'read' | 'write'>;

/** The codec of `struct { __u32 prefixlen; __u8 data[…]; }` of so many bytes. */
export function prefix(size: number): Codec<string> {
  const length = size - 4;
  const address: Address = length === 4 ? ipv4 : length === 16 ? ipv6 : hexadecimal(length);
  return {
    type: 'struct bpf_lpm_trie_key',
    size,
    flexible: false,
    read: (view, offset) =>
      `${address.read(view, offset + 4, offset + size)}/${view.getUint32(offset, littleEndian)}`,
    write(view, offset, text) {
      const [start, bits] = parsed(text, length * 8);
      address.write(view, offset + 4, start);
      view.setUint32(offset, bits, littleEndian);
      clearFrom(bits, new Uint8Array(view.buffer, view.byteOffset + offset + 4, length));
    },
  };
}

function parsed(text: string, most: number): [address: string, bits: number] {
  const [, address = '', bits = String(most)] = /^([^/]*)(?:\/(\d{1,4}))?$/.exec(text) ?? [];
  if (typeof text === 'string' && address !== '' && Number(bits) <= most) return [address, Number(bits)];
  throw unfit(`a prefix of 0 to ${most} bits, as ${most === 128 ? '2001:db8::/32' : '10.0.0.0/8'}`, text);
}

/** `10.1.2.3/8` and `10.0.0.0/8` are the same prefix, and come back the same. */
function clearFrom(bits: number, bytes: Uint8Array): void {
  for (let at = bits >> 3; at < bytes.length; at++) {
    const kept = Math.max(0, Math.min(8, bits - at * 8));
    bytes[at] = (bytes[at] ?? 0) & (0xff00 >> kept);
  }
}

/** Bytes that are no address: `0x0a0b0c`; those that are left out are zero. */
function hexadecimal(length: number): Address {
  return {
    read: (view, offset) => `0x${Buffer.from(view.buffer, view.byteOffset + offset, length).toString('hex')}`,
    write(view, offset, text) {
      const digits = /^0x((?:[\da-f]{2})*)$/i.exec(text)?.[1];
      if (digits === undefined || digits.length > 2 * length)
        throw unfit(`at most ${length} bytes in hexadecimal, as 0x0a0b0c/20`, text);
      const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, length).fill(0);
      bytes.set(Buffer.from(digits, 'hex'));
    },
  };
}

function unfit(takes: string, given: unknown): BpfError {
  const reason = `takes ${takes}, got ${JSON.stringify(given)}`;
  return new BpfError({ code: 'ERR_BPF_VALUE', operation: 'write a prefix', reason });
}

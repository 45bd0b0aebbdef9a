/** Network addresses as text; their bytes are in network order whatever the object's own order. */
import { unfit } from './faults.js';
import { type Find, finder } from './finder.js';
import { type InlineCodec, inline } from './inline.js';

/** Bytes as text, and text as bytes; undefined for text that is no such address. */
interface Notation {
  readonly size: number;
  readonly takes: string;
  readonly show: (bytes: Uint8Array) => string;
  readonly parse: (text: string) => readonly number[] | undefined;
}

const v4: Notation = {
  size: 4,
  takes: 'an IPv4 address as 192.0.2.1',
  show: bytes => bytes.join('.'),
  parse: text => {
    const parts = text.split('.');
    const fits =
      parts.length === 4 && parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
    return fits ? parts.map(Number) : undefined;
  },
};

const v6: Notation = { size: 16, takes: 'an IPv6 address as 2001:db8::1', show: showV6, parse: parseV6 };

const ethernet: Notation = {
  size: 6,
  takes: 'a MAC address as 02:00:5e:10:00:01',
  show: bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(':'),
  parse: text =>
    /^[\da-f]{2}([:-][\da-f]{2}){5}$/i.test(text)
      ? text.split(/[:-]/).map(part => Number.parseInt(part, 16))
      : undefined,
};

/** RFC 5952: the longest run of zeros is `::`, an address that embeds an IPv4 one shows it. */
function showV6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const mapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff;
  if (mapped) return `::ffff:${v4.show(bytes.slice(12))}`;
  const [from, length] = longestZeros(groups);
  if (length < 2) return colons(groups);
  return `${colons(groups.slice(0, from))}::${colons(groups.slice(from + length))}`;
}

function colons(groups: readonly number[]): string {
  return groups.map(group => group.toString(16)).join(':');
}

function longestZeros(groups: readonly number[]): readonly [from: number, length: number] {
  let [from, length, run] = [0, 0, 0];
  for (const [at, group] of groups.entries()) {
    run = group === 0 ? run + 1 : 0;
    if (run > length) [from, length] = [at + 1 - run, run];
  }
  return [from, length];
}

function parseV6(text: string): readonly number[] | undefined {
  const last = /(?<=:)[\d.]+\.[\d.]+$/.exec(text)?.[0];
  const four = last === undefined ? [] : v4.parse(last);
  if (!four) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = four;
  const plain = last ? text.replace(last, `${hex(a, b)}:${hex(c, d)}`) : text;
  const [left = '', right, ...more] = plain.split('::');
  const [head, tail] = [parts(left), parts(right ?? '')];
  const missing = 8 - head.length - tail.length;
  if (more.length > 0 || (right === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!groups.every(group => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.flatMap(group => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}

function hex(high: number, low: number): string {
  return ((high << 8) | low).toString(16);
}

function parts(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function address(type: string, { size, takes, show, parse }: Notation): InlineCodec<string> {
  const take = (view: DataView, offset: number) =>
    show(new Uint8Array(view.buffer, view.byteOffset + offset, size));
  let find: Find<string> | undefined;
  return inline<string>({
    type,
    size,
    source: (at, _end, scope) => {
      find ??= finder(size, take);
      return `${scope.constant(find)}(v, o + ${at}, o + ${at + size})`;
    },
    take,
    put(view, offset, value) {
      const bytes = typeof value === 'string' ? parse(value) : undefined;
      if (!bytes) throw unfit(type, takes, value);
      new Uint8Array(view.buffer, view.byteOffset + offset, size).set(bytes);
    },
  });
}

/** Four bytes as an IPv4 address: `192.0.2.1`. */
export const ipv4: InlineCodec<string> = address('ipv4', v4);
/** Sixteen bytes as an IPv6 address, shortened as RFC 5952 says: `2001:db8::1`. */
export const ipv6: InlineCodec<string> = address('ipv6', v6);
/** Six bytes as a MAC address: `02:00:5e:10:00:01`. */
export const mac: InlineCodec<string> = address('mac', ethernet);

/** All of them, by name. */
export const addresses = { ipv4, ipv6, mac } as const;

/** Values as text, as bpftrace prints them. */
import { bitsPrinted, type FormatPart } from './format-text.js';
import { List, Named, type TraceValue } from './value.js';

/** A value as `print` and `%s` show it. */
export function valueText(value: TraceValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof Named) return value.text;
  if (value instanceof Uint8Array) return bufferText(value);
  if (value instanceof List) return `[${value.items.map(valueText).join(',')}]`;
  if (Array.isArray(value)) return `(${value.map(valueText).join(', ')})`;
  if (typeof value === 'object') {
    const fields = Object.entries(value as Record<string, TraceValue>).map(
      ([name, each]) => `.${name} = ${valueText(each)}`,
    );
    return `{ ${fields.join(', ')} }`;
  }
  return String(value);
}

/** A key: several are not in parentheses. */
export function keyText(value: TraceValue): string {
  return Array.isArray(value) ? value.map(valueText).join(', ') : valueText(value);
}

/** Letters as they are, other bytes by number. */
export function bufferText(bytes: Uint8Array, how: 'r' | 'rx' | 'rh' = 'r'): string {
  const hex = (byte: number) => byte.toString(16).padStart(2, '0');
  if (how === 'rh') return [...bytes].map(hex).join(' ');
  const isPlain = (byte: number) => how === 'r' && byte >= 32 && byte <= 126;
  return [...bytes].map(byte => (isPlain(byte) ? String.fromCharCode(byte) : `\\x${hex(byte)}`)).join('');
}

/** What `printf` prints. */
export function formatText(format: readonly FormatPart[], values: readonly TraceValue[]): string {
  let next = 0;
  return format
    .map(part => (typeof part === 'string' ? part : formatValue(part, values[next++] ?? 0n)))
    .join('');
}

type Conversion = Exclude<FormatPart, string>;

function formatValue(part: Conversion, given: TraceValue): string {
  const { letter } = part;
  const value = given instanceof Named && letter !== 's' ? (given.address ?? given) : given;
  if (letter === 's') return padText(valueText(value), part);
  if (letter === 'r' || letter === 'rx' || letter === 'rh')
    return padText(value instanceof Uint8Array ? bufferText(value, letter) : valueText(value), part);
  if (letter === 'c') return padText(String.fromCharCode(Number(BigInt.asUintN(8, numberOf(value)))), part);
  if (typeof value === 'string' || value instanceof Named || Array.isArray(value))
    return padText(valueText(value), part);
  return padNumber(digitsOf(part, numberOf(value)), part);
}

function numberOf(value: TraceValue): bigint {
  return typeof value === 'bigint' ? value : BigInt(value === true);
}

/** The number as C's printf takes it: 32 bits, where no length says otherwise. */
function digitsOf({ letter, length, flags }: Conversion, value: bigint): string {
  const bits = bitsPrinted(letter, length);
  if (letter === 'd' || letter === 'i') {
    const signed = BigInt.asIntN(bits, value);
    return flags.includes('+') && signed >= 0n ? `+${signed}` : String(signed);
  }
  const unsigned = BigInt.asUintN(bits, value);
  if (letter === 'p') return `0x${unsigned.toString(16)}`;
  if (letter === 'u') return String(unsigned);
  const text = unsigned.toString(letter === 'o' ? 8 : 16);
  const prefix = flags.includes('#') && unsigned !== 0n ? (letter === 'o' ? '0' : '0x') : '';
  return letter === 'X' ? `${prefix}${text}`.toUpperCase() : `${prefix}${text}`;
}

function padText(text: string, { flags, width }: Conversion): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

function padNumber(text: string, part: Conversion): string {
  const { flags, width } = part;
  if (!flags.includes('0') || flags.includes('-')) return padText(text, part);
  const [, sign = '', digits = text] = /^([-+]?(?:0x)?)(.*)$/i.exec(text) ?? [];
  return `${sign}${digits.padStart(width - sign.length, '0')}`;
}

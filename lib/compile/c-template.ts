/** A C program out of a template: values become literals, so that none of them is ever program text. */
import { argumentError, shown } from '../errors/arguments.js';

/** What may stand between the parts of a C program. */
export type CLiteral = number | bigint | boolean | string;

const operation = 'write a C program';

/** The program's text. @throws BpfError `ERR_BPF_ARGUMENT` for a value that has no literal, and for one in a place that takes none */
export function joinProgram(parts: readonly string[], values: readonly unknown[]): string {
  let text = parts[0] ?? '';
  let place = endPlace(text);
  for (const [i, value] of values.entries()) {
    if (place !== 'code')
      throw argumentError(
        operation,
        `value ${i + 1} stands in a ${place}`,
        'a value brings its own quotes, and has none around it',
      );
    const part = parts[i + 1] ?? '';
    // Apart, or it would become part of the name beside it.
    text += ` ${literalOf(value)} ${part}`;
    place = endPlace(part);
  }
  return text;
}

/** What is no code: what it is called, how it begins and ends, and whether a backslash takes the next character along. */
const quotes = [
  { place: 'comment', start: '//', end: '\n', escapes: true },
  { place: 'comment', start: '/*', end: '*/', escapes: false },
  { place: 'string', start: '"', end: '"', escapes: true },
  { place: 'character', start: "'", end: "'", escapes: true },
] as const;

/** Where in C one is at the end of a text that begins in code. */
function endPlace(text: string): (typeof quotes)[number]['place'] | 'code' {
  let within: (typeof quotes)[number] | undefined;
  for (let at = 0; at < text.length; ) {
    const next = within ?? quotes.find(({ start }) => text.startsWith(start, at));
    const isEnd = within !== undefined && text.startsWith(within.end, at);
    if (within === undefined) at += next?.start.length ?? 1;
    else at += isEnd ? within.end.length : within.escapes && text[at] === '\\' ? 2 : 1;
    within = isEnd ? undefined : next;
  }
  return within?.place ?? 'code';
}

function literalOf(value: unknown): string {
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'bigint') return bigLiteral(value);
  if (Number.isSafeInteger(value)) return numberLiteral(value as number);
  throw argumentError(
    operation,
    `a value is a whole number, a bigint, a boolean or a string, not ${shown(value)}`,
  );
}

/** An `int` where that has room, as people write it. */
function numberLiteral(value: number): string {
  if (value > 0x7fff_ffff || value < -0x7fff_ffff) return bigLiteral(BigInt(value));
  return value < 0 ? `(${value})` : `${value}`;
}

function bigLiteral(value: bigint): string {
  if (value >= 1n << 64n || value < -(1n << 63n))
    throw argumentError(operation, `${value} does not fit into 64 bits`);
  if (value >= 0n) return value < 1n << 63n ? `${value}LL` : `${value}ULL`;
  // The smallest has no literal of its own.
  return `(${value + 1n}LL - 1)`;
}

/** Bytes that are not plain are written in octal: three digits end by themselves. */
function stringLiteral(text: string): string {
  if (text.includes('\0')) throw argumentError(operation, 'a string of C ends at its first NUL');
  const plain = Array.from(new TextEncoder().encode(text), byte => {
    const letter = String.fromCharCode(byte);
    return /[\w ./:,;*%+=()[\]{}<>|&^~!@#$-]/.test(letter)
      ? letter
      : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${plain.join('')}"`;
}

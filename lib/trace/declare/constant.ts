/** Constants of C: lengths of arrays, widths of bit fields, numbers of enumerators. */
import type { Words } from './words.js';

/** The number of a constant's name. */
export type Known = (name: string) => bigint | undefined;

/** From the loosest to the tightest. */
const levels: readonly Readonly<Record<string, (left: bigint, right: bigint) => bigint>>[] = [
  { '|': (left, right) => left | right },
  { '^': (left, right) => left ^ right },
  { '&': (left, right) => left & right },
  { '<<': (left, right) => left << (right & 63n), '>>': (left, right) => left >> (right & 63n) },
  { '+': (left, right) => left + right, '-': (left, right) => left - right },
  {
    '*': (left, right) => left * right,
    '/': (left, right) => (right === 0n ? 0n : left / right),
    '%': (left, right) => (right === 0n ? 0n : left % right),
  },
];

/** @throws BpfError where it is none, or names what is not known */
export function parseConstant(words: Words, known: Known): bigint {
  return BigInt.asIntN(
    64,
    words.nested(() => parseLevel(words, known, 0)),
  );
}

function parseLevel(words: Words, known: Known, level: number): bigint {
  const operators = levels[level];
  if (operators === undefined) return parseValue(words, known);
  let left = parseLevel(words, known, level + 1);
  for (;;) {
    const { kind, text } = words.token;
    const compute = kind === 'symbol' && Object.hasOwn(operators, text) ? operators[text] : undefined;
    if (compute === undefined) return left;
    words.take();
    left = compute(left, parseLevel(words, known, level + 1));
  }
}

function parseValue(words: Words, known: Known): bigint {
  const { token } = words;
  if (words.accept('-')) return -parseNested(words, known);
  if (words.accept('~')) return ~parseNested(words, known);
  if (words.accept('(')) {
    const value = parseConstant(words, known);
    words.expect(')', 'behind the constant');
    return value;
  }
  if (token.kind === 'integer') return words.take().value ?? 0n;
  const value = token.kind === 'name' ? known(token.text) : undefined;
  if (value === undefined) throw words.unexpected('a number, or a constant that is known');
  words.take();
  return value;
}

function parseNested(words: Words, known: Known): bigint {
  return words.nested(() => parseValue(words, known));
}

/** Expressions, by the precedence that C gives its operators. */
import { spanning } from '../text/script.js';
import type { BinaryExpression, Expression } from '../tree/tree.js';
import type { Cursor } from './cursor.js';
import { parsePrimary } from './primary.js';
import { attempt, isTypeWord, parseType } from './types.js';

/** From the loosest to the tightest. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** In a predicate a division is not what ends it: a `/` before `{`. */
const predicateEnd = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*\{/;

/** @throws BpfError where no expression begins, or one has no end */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => parseTernary(cursor));
}

function parseTernary(cursor: Cursor): Expression {
  const condition = parseBinary(cursor, 0);
  if (!cursor.accept('?')) return condition;
  // Without a value between them, `a ?: b` is `a ? a : b`.
  const whenTrue = cursor.is(':') ? condition : parseExpression(cursor);
  cursor.expect(':', 'between the two values of ?');
  const whenFalse = parseExpression(cursor);
  return { kind: 'ternary', condition, whenTrue, whenFalse, ...spanning(condition, whenFalse) };
}

function parseBinary(cursor: Cursor, level: number): Expression {
  const operators = levels[level];
  if (operators === undefined) return parseUnary(cursor);
  let left = parseBinary(cursor, level + 1);
  while (cursor.token.kind === 'symbol' && operators.includes(cursor.token.text) && !endsPredicate(cursor)) {
    const operator = cursor.take().text;
    const right = parseBinary(cursor, level + 1);
    left = { kind: 'binary', operator, left, right, ...spanning(left, right) } satisfies BinaryExpression;
  }
  return left;
}

function endsPredicate(cursor: Cursor): boolean {
  return cursor.is('/') && cursor.followedBy(predicateEnd);
}

const prefixes = new Set(['-', '!', '~', '*', '&']);

/** `-x`, `++x`, `(type)x`, or what has no operator before it. */
export function parseUnary(cursor: Cursor): Expression {
  return cursor.nested(() => parsePrefixed(cursor));
}

function parsePrefixed(cursor: Cursor): Expression {
  const first = cursor.token;
  if (first.kind === 'symbol' && prefixes.has(first.text)) {
    const operator = cursor.take().text as '-' | '!' | '~' | '*' | '&';
    const operand = parseUnary(cursor);
    return { kind: 'unary', operator, operand, ...spanning(first, operand) };
  }
  if (cursor.is('++') || cursor.is('--')) {
    const operator = cursor.take().text as '++' | '--';
    const operand = parseUnary(cursor);
    return { kind: 'step', operator, isPrefix: true, operand, ...spanning(first, operand) };
  }
  return parseCast(cursor) ?? parsePostfix(cursor);
}

/** A type in parentheses, and what is made one. */
function parseCast(cursor: Cursor): Expression | undefined {
  if (!cursor.is('(')) return undefined;
  const first = cursor.token;
  const type = attempt(cursor, () => {
    cursor.take();
    if (cursor.token.kind !== 'name') return undefined;
    const found = parseType(cursor);
    if (!cursor.accept(')') || !beginsOperand(cursor, found)) return undefined;
    return found;
  });
  if (type === undefined) return undefined;
  const operand = parseUnary(cursor);
  return { kind: 'cast', type, operand, ...spanning(first, operand) };
}

/** A bare name in parentheses is a type where an operand follows that cannot be a second operand. */
function beginsOperand({ token }: Cursor, type: { name: string; suffixes: readonly unknown[] }): boolean {
  const isType = type.suffixes.length > 0 || type.name === '' || type.name.split(' ').every(isTypeWord);
  if (isType || type.name.includes(' '))
    return token.kind === 'symbol'
      ? prefixes.has(token.text) || token.text === '(' || token.text === '{'
      : token.kind !== 'end';
  return !['symbol', 'end'].includes(token.kind) && !['else', 'in'].includes(token.text);
}

/** What stands behind a value: fields, elements, steps. */
function parsePostfix(cursor: Cursor): Expression {
  let value = parsePrimary(cursor);
  for (;;) {
    const next = parseSuffix(cursor, value);
    if (next === undefined) return value;
    value = next;
  }
}

function parseSuffix(cursor: Cursor, of: Expression): Expression | undefined {
  if (cursor.is('.') || cursor.is('->')) {
    cursor.take();
    const { kind, text } = cursor.token;
    if (kind !== 'name' && kind !== 'integer')
      throw cursor.unexpected('the name of a field, or a number of a tuple');
    const name = cursor.take();
    return { kind: 'field', of, name: text, ...spanning(of, name) };
  }
  if (cursor.accept('[')) {
    const index = parseExpression(cursor);
    const last = cursor.expect(']', 'behind the index');
    return { kind: 'index', of, index, ...spanning(of, last) };
  }
  if ((cursor.is('++') || cursor.is('--')) && (of.kind === 'variable' || of.kind === 'map')) {
    const last = cursor.take();
    return {
      kind: 'step',
      operator: last.text as '++' | '--',
      isPrefix: false,
      operand: of,
      ...spanning(of, last),
    };
  }
  return undefined;
}

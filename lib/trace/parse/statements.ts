/** Statements and blocks. */
import type {
  BlockExpression,
  Expression,
  ForStatement,
  IfStatement,
  LetStatement,
  Statement,
} from '../tree/tree.js';
import type { Cursor } from './cursor.js';
import { parseMap } from './primary.js';
import { parseType } from './types.js';

const assigning = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=']);

/** Statements in braces. As an expression its value is the last, if no semicolon stands behind that. */
export function parseBlock(cursor: Cursor, isExpression = false): BlockExpression {
  const { block, value } = parseBraces(cursor);
  return isExpression && value ? withValue(block, value) : block;
}

interface Braces {
  readonly block: BlockExpression;
  /** What they are worth, where that is asked for: then the last statement is none. */
  readonly value: Expression | undefined;
}

function parseBraces(cursor: Cursor): Braces {
  return cursor.nested(() => {
    const first = cursor.expect('{', 'before statements');
    const body: Statement[] = [];
    let isOpen = false;
    while (!cursor.is('}')) {
      if (cursor.accept(';')) continue;
      if (cursor.token.kind === 'end') throw cursor.unexpected('} behind the statements');
      const statement = parseStatement(cursor);
      body.push(statement);
      isOpen = !endStatement(cursor, statement);
    }
    cursor.take();
    const last = isOpen ? body.at(-1) : undefined;
    return { block: { kind: 'block', body, ...cursor.since(first) }, value: last && worth(last) };
  });
}

/** What a statement is worth where it is the last of a block. */
function worth(given: Statement): Expression | undefined {
  return given.kind === 'expression' ? given.expression : given.kind === 'if' ? given.value : undefined;
}

function withValue(block: BlockExpression, value: Expression): BlockExpression {
  return { ...block, body: block.body.slice(0, -1), value };
}

/** True where a semicolon ends it. What ends with a brace needs none. */
function endStatement(cursor: Cursor, statement: Statement): boolean {
  if (cursor.accept(';')) return true;
  if (cursor.is('}')) return false;
  if (['if', 'while', 'for', 'unroll', 'block'].includes(statement.kind)) return true;
  throw cursor.unexpected('; between two statements');
}

function parseStatement(cursor: Cursor): Statement {
  if (cursor.token.kind === 'name') {
    const parse = Object.hasOwn(keywords, cursor.token.text) ? keywords[cursor.token.text] : undefined;
    if (parse !== undefined) return parse(cursor);
  }
  if (cursor.is('{')) return parseBlock(cursor);
  return parseSimple(cursor);
}

/** An expression, or an assignment to it. */
function parseSimple(cursor: Cursor): Statement {
  const target = cursor.grammar.expression(cursor);
  const { kind, text } = cursor.token;
  if (kind !== 'symbol' || !assigning.has(text))
    return { kind: 'expression', expression: target, ...cursor.since(target) };
  requireTarget(cursor, target);
  cursor.take();
  const value = cursor.grammar.expression(cursor);
  const span = cursor.since(target);
  if (text === '=') return { kind: 'assign', target, value, ...span };
  return { kind: 'assign', target, operator: text.slice(0, -1), value, ...span };
}

function requireTarget(cursor: Cursor, target: Expression): void {
  if (target.kind === 'variable' || target.kind === 'map') return;
  if (target.kind === 'name' && target.name === '_') return;
  const reason =
    target.kind === 'parameter'
      ? 'parameters of the command line cannot be assigned'
      : 'this cannot be assigned';
  throw cursor.script.error(target, reason, 'assign to a variable, as $x, or to a map, as @x or @x[key]');
}

const keywords: Readonly<Record<string, (cursor: Cursor) => Statement>> = {
  if: parseIf,
  while: parseWhile,
  for: parseFor,
  unroll: parseUnroll,
  let: parseLet,
  break: parseJump,
  continue: parseJump,
  return: parseJump,
};

function parseIf(cursor: Cursor): IfStatement {
  const first = cursor.take();
  const condition = cursor.grammar.expression(cursor);
  const one = parseBraces(cursor);
  const other = cursor.accept('else') ? parseElse(cursor) : undefined;
  const span = cursor.since(first);
  const whenFalse = other?.block.body ?? [];
  const statement: IfStatement = { kind: 'if', condition, whenTrue: one.block.body, whenFalse, ...span };
  if (one.value === undefined || other?.value === undefined) return statement;
  const [left, right] = [withValue(one.block, one.value), withValue(other.block, other.value)];
  return { ...statement, value: { kind: 'ternary', condition, whenTrue: left, whenFalse: right, ...span } };
}

/** A block, or another `if`. */
function parseElse(cursor: Cursor): Braces {
  if (!cursor.is('if')) return parseBraces(cursor);
  const inner = cursor.nested(() => parseIf(cursor));
  const { start, end, value } = inner;
  return { block: { kind: 'block', body: [inner], start, end }, value };
}

function parseWhile(cursor: Cursor): Statement {
  const first = cursor.take();
  const condition = cursor.grammar.expression(cursor);
  const { body } = parseBlock(cursor);
  return { kind: 'while', condition, body, ...cursor.since(first) };
}

function parseFor(cursor: Cursor): ForStatement {
  const first = cursor.take();
  const isEnclosed = cursor.accept('(');
  const variable = cursor.expectKind('variable', 'a variable, as $i').text;
  cursor.expect(':', "behind the loop's variable");
  const over = parseRange(cursor);
  if (isEnclosed) cursor.expect(')', 'behind what the loop goes over');
  const { body } = parseBlock(cursor);
  return { kind: 'for', variable, over, body, ...cursor.since(first) };
}

function parseRange(cursor: Cursor): ForStatement['over'] {
  if (cursor.token.kind === 'map') {
    const mark = cursor.mark;
    const map = parseMap(cursor);
    if (!cursor.is('..') && map.key === undefined) return map;
    cursor.back(mark);
  }
  const first = cursor.grammar.unary(cursor);
  cursor.expect('..', 'between the first and the last of a range');
  return { kind: 'range', first, end: cursor.grammar.unary(cursor) };
}

function parseUnroll(cursor: Cursor): Statement {
  const first = cursor.take();
  const times = cursor.grammar.expression(cursor);
  const { body } = parseBlock(cursor);
  return { kind: 'unroll', times, body, ...cursor.since(first) };
}

function parseLet(cursor: Cursor): LetStatement {
  const first = cursor.take();
  const name = cursor.expectKind('variable', 'a variable behind let, as $x').text;
  const type = cursor.accept(':') ? parseType(cursor) : undefined;
  const value = cursor.accept('=') ? cursor.grammar.expression(cursor) : undefined;
  return { kind: 'let', name, ...(type && { type }), ...(value && { value }), ...cursor.since(first) };
}

function parseJump(cursor: Cursor): Statement {
  const first = cursor.take();
  const kind = first.text as 'break' | 'continue' | 'return';
  const hasValue = kind === 'return' && !cursor.is(';') && !cursor.is('}');
  const value = hasValue ? cursor.grammar.expression(cursor) : undefined;
  return { kind, ...(value && { value }), ...cursor.since(first) };
}

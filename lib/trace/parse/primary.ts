/** Values that begin no other way than by themselves: literals, names, calls, maps, tuples, blocks. */
import { type Span, spanning } from '../text/script.js';
import type { Expression, MapExpression } from '../tree/tree.js';
import type { Cursor } from './cursor.js';
import { parseTypeArgument } from './types.js';

/** Functions that take types. */
const typeTakers = new Set(['sizeof', 'offsetof', 'typeof', 'typeinfo', 'container_of']);

/** @throws BpfError where no value begins */
export function parsePrimary(cursor: Cursor): Expression {
  const { token } = cursor;
  switch (token.kind) {
    case 'integer':
    case 'string':
      return parseLiteral(cursor);
    case 'variable':
      cursor.take();
      return { kind: 'variable', name: token.text, start: token.start, end: token.end };
    case 'parameter':
      cursor.take();
      return { kind: 'parameter', number: token.text === '#' ? 0 : Number(token.text), ...placeOf(token) };
    case 'map':
      return parseMap(cursor);
    case 'name':
      return parseNamed(cursor);
    default:
      return parseEnclosed(cursor);
  }
}

function placeOf({ start, end }: Span): Span {
  return { start, end };
}

function parseLiteral(cursor: Cursor): Expression {
  const token = cursor.take();
  if (token.kind === 'integer') return { kind: 'literal', value: token.value ?? 0n, ...placeOf(token) };
  let { text } = token;
  while (cursor.token.kind === 'string') text += cursor.take().text;
  return { kind: 'literal', value: text, ...cursor.since(token) };
}

/** `@x`, with its key if one follows. */
export function parseMap(cursor: Cursor): MapExpression {
  const first = cursor.take();
  if (!cursor.accept('[')) return { kind: 'map', name: first.text, ...placeOf(first) };
  const items = parseList(cursor, ']', 'a key', parseArgument);
  const span = cursor.since(first);
  const [only] = items;
  if (only === undefined) throw cursor.script.error(span, 'a key is missing between [ and ]');
  const key: Expression =
    items.length === 1 ? only : { kind: 'tuple', items, ...spanning(only, items.at(-1) ?? only) };
  return { kind: 'map', name: first.text, key, ...span };
}

function parseNamed(cursor: Cursor): Expression {
  const first = cursor.take();
  const { text } = first;
  if (text === 'if') return parseChoice(cursor, first);
  if (text === 'true' || text === 'false')
    return { kind: 'literal', value: text === 'true', ...placeOf(first) };
  if (cursor.is('!') && cursor.followedBy(/^\s*\(/)) cursor.take();
  if (!cursor.accept('(')) return { kind: 'name', name: text, ...placeOf(first) };
  const parseItem = typeTakers.has(text) ? parseTypeArgument : parseArgument;
  const list = parseList(cursor, ')', 'an argument', parseItem);
  const span = cursor.since(first);
  const [only] = list;
  if (text === 'typeof' && only?.kind === 'type') return { ...only, ...span };
  return { kind: 'call', name: text, arguments: list, ...span };
}

/** `if x { 1 } else { 2 }` as a value. */
function parseChoice(cursor: Cursor, first: Span): Expression {
  const condition = cursor.grammar.expression(cursor);
  const whenTrue = cursor.grammar.block(cursor, true);
  cursor.expect('else', 'behind the block of an if that is a value');
  const isChain = cursor.is('if');
  const whenFalse = isChain
    ? cursor.nested(() => parseChoice(cursor, cursor.take()))
    : cursor.grammar.block(cursor, true);
  return { kind: 'ternary', condition, whenTrue, whenFalse, ...cursor.since(first) };
}

/** Macros take types, as `typeof(uint8)`: the one call that gives none of its own. */
function parseArgument(cursor: Cursor): Expression {
  return cursor.grammar.expression(cursor);
}

/** A list up to what closes it. A comma may stand behind the last. */
export function parseList<T>(cursor: Cursor, close: string, what: string, parse: (cursor: Cursor) => T): T[] {
  const list: T[] = [];
  while (!cursor.accept(close)) {
    list.push(parse(cursor));
    if (!cursor.is(close)) cursor.expect(',', `or ${close} behind ${what}`);
  }
  return list;
}

function parseEnclosed(cursor: Cursor): Expression {
  const first = cursor.token;
  if (cursor.is('{')) return cursor.grammar.block(cursor, true);
  if (!cursor.accept('(')) throw cursor.unexpected('a value');
  if (cursor.token.kind === 'name' && cursor.followedBy(/^\s*=[^=]/)) return parseRecord(cursor, first);
  const items: Expression[] = [];
  let commas = 0;
  while (!cursor.accept(')')) {
    items.push(cursor.grammar.expression(cursor));
    if (cursor.accept(',')) commas++;
    else if (!cursor.is(')')) throw cursor.unexpected(') behind the value');
  }
  const span = cursor.since(first);
  const [only] = items;
  if (items.length === 1 && commas === 0 && only !== undefined) return { ...only, ...span };
  return { kind: 'tuple', items, ...span };
}

function parseRecord(cursor: Cursor, first: Span): Expression {
  const fields = parseList(cursor, ')', 'a field', () => {
    const name = cursor.expectKind('name', "a field's name").text;
    cursor.expect('=', "behind the field's name");
    return { name, value: cursor.grammar.expression(cursor) };
  });
  return { kind: 'record', fields, ...cursor.since(first) };
}

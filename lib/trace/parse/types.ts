/** Types as they are written: `uint8`, `struct file*`, `int32[4]`, `typeof(x)`. */
import type { TypeName } from '../tree/tree.js';
import type { Cursor } from './cursor.js';

/** C's own words, of which a type may have several. */
const cWords = new Set(['unsigned', 'signed', 'char', 'short', 'int', 'long', 'const', 'volatile']);
const tagged = new Set(['struct', 'union', 'enum']);

/** Integers of the language and C, and its other types: names that are types wherever they stand in parentheses. */
const fixed =
  /^(?:u?int(?:8|16|32|64)(?:_t)?|[us](?:8|16|32|64)|bool|void|size_t|string|buffer|inet|[a-z]\w*_t)$/;

export function isTypeWord(text: string): boolean {
  return cWords.has(text) || tagged.has(text) || fixed.test(text);
}

/** @throws BpfError where no type begins */
export function parseType(cursor: Cursor): TypeName {
  const first = cursor.token;
  const name = cursor.expectKind('name', 'a type, as uint64 or struct task_struct').text;
  if (name === 'typeof') return parseTypeof(cursor);
  const words = [name];
  if (tagged.has(name)) words.push(cursor.expectKind('name', `a name behind ${name}`).text);
  else while (cWords.has(words.at(-1) ?? '') && isTypeWord(cursor.token.text)) words.push(cursor.take().text);
  const suffixes = parseSuffixes(cursor);
  return { name: words.join(' '), suffixes, ...cursor.since(first) };
}

function parseTypeof(cursor: Cursor): TypeName {
  const first = cursor.expect('(', 'behind typeof');
  const inner = parseTypeArgument(cursor);
  cursor.expect(')', 'behind what typeof looks at');
  const suffixes = parseSuffixes(cursor);
  const span = cursor.since(first);
  if (inner.kind !== 'type') return { name: '', of: inner, suffixes, ...span };
  return { ...inner.type, suffixes: [...inner.type.suffixes, ...suffixes], ...span };
}

/** A type if it reads as one, else an expression: what `sizeof` and its like take. */
export function parseTypeArgument(cursor: Cursor) {
  const mark = cursor.mark;
  if (cursor.token.kind === 'name') {
    const type = attempt(cursor, () => parseType(cursor));
    if (type !== undefined && (cursor.is(')') || cursor.is(','))) {
      return { kind: 'type', type, start: type.start, end: type.end } as const;
    }
    cursor.back(mark);
  }
  return cursor.grammar.expression(cursor);
}

/** What it parses, or undefined, and the cursor where it was. */
export function attempt<T>(cursor: Cursor, parse: () => T | undefined): T | undefined {
  const mark = cursor.mark;
  try {
    const found = parse();
    if (found === undefined) cursor.back(mark);
    return found;
  } catch {
    cursor.back(mark);
    return undefined;
  }
}

function parseSuffixes(cursor: Cursor): ('*' | number | null)[] {
  const suffixes: ('*' | number | null)[] = [];
  for (;;) {
    if (cursor.accept('const')) continue;
    if (cursor.accept('*')) suffixes.push('*');
    else if (cursor.accept('[')) suffixes.push(parseLength(cursor));
    else return suffixes;
  }
}

function parseLength(cursor: Cursor): number | null {
  if (cursor.accept(']')) return null;
  const { value = 0n } = cursor.expectKind('integer', 'the number of elements');
  cursor.expect(']', 'behind the number of elements');
  return Number(value);
}

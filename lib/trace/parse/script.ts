/** A whole script: declarations, settings, imports, then probes, macros and maps. */
import { Script, type Span } from '../text/script.js';
import type { Declaration, Macro, MapDeclaration, Setting, Tree } from '../tree/tree.js';
import { Cursor, type Grammar } from './cursor.js';
import { parseExpression, parseUnary } from './expressions.js';
import { parseList } from './primary.js';
import { parseProbe } from './probes.js';
import { parseBlock } from './statements.js';

const grammar: Grammar = { expression: parseExpression, unary: parseUnary, block: parseBlock };

type Growing = { -readonly [Part in keyof Tree]: Tree[Part][number][] };

/**
 * Parses a script.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` with line, column, what was expected, and the line's text
 */
export function parseScript(script: Script): Tree {
  const cursor = new Cursor(withoutShebang(script), grammar);
  const tree: Growing = { declarations: [], settings: [], imports: [], maps: [], macros: [], probes: [] };
  while (cursor.token.kind !== 'end') parsePart(cursor, tree);
  return tree;
}

/** The same length, so that places stay. */
function withoutShebang(script: Script): Script {
  const text = script.text.replace(/^#![^\n]*/, line => ' '.repeat(line.length));
  return text === script.text ? script : new Script(text, script.name);
}

function parsePart(cursor: Cursor, tree: Growing): void {
  if (cursor.accept(';')) return;
  const declaration = parseDeclaration(cursor);
  if (declaration !== undefined) tree.declarations.push(declaration);
  else if (cursor.is('config') && cursor.followedBy(/^\s*=/)) tree.settings.push(...parseConfig(cursor));
  else if (cursor.is('import') && cursor.followedBy(/^\s*"/)) tree.imports.push(parseImport(cursor));
  else if (cursor.is('let')) tree.maps.push(parseMapDeclaration(cursor));
  else if (cursor.is('macro') && cursor.followedBy(/^\s+\w/)) tree.macros.push(parseMacro(cursor));
  else tree.probes.push(parseProbe(cursor));
}

/** A line of the preprocessor, with those that it continues on. */
const directive = /#(?:[^\n\\]|\\[\s\S])*/;
const typeDeclaration = /(?:struct|union|enum|typedef)\b(?=[^;{:]*[;{])/;

function parseDeclaration(cursor: Cursor): Declaration | undefined {
  if (cursor.is('#')) return cursor.takeText(directive);
  if (!cursor.followedBy(/^[^:,]*[;{]/)) return undefined;
  const first = cursor.takeText(typeDeclaration);
  if (first === undefined) return undefined;
  return takeDeclaration(cursor, first);
}

/** Up to the semicolon outside braces; the one behind a closing brace may be left out, as bpftrace lets it. */
const attribute = /__attribute__(?:\s|\/\*[\s\S]*?\*\/)*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/;

function takeDeclaration(cursor: Cursor, first: Span): Declaration {
  const isTypedef = cursor.script.text.startsWith('typedef', first.start);
  for (let depth = 0; ; ) {
    const { kind, text } = cursor.token;
    if (kind === 'end') throw cursor.unexpected('; behind the declaration');
    if (depth === 0 && text === ';' && kind === 'symbol') break;
    cursor.take();
    if (text === '{') depth++;
    if (
      text === '}' &&
      --depth === 0 &&
      !isTypedef &&
      !cursor.followedBy(/^\s*;/) &&
      !cursor.is(';') &&
      cursor.token.kind !== 'symbol'
    )
      break;
  }
  while (cursor.is('__attribute__')) if (cursor.takeText(attribute) === undefined) break;
  cursor.accept(';');
  const span = cursor.since(first);
  return { ...span, text: cursor.script.text.slice(span.start, span.end) };
}

function parseConfig(cursor: Cursor): Setting[] {
  cursor.take();
  cursor.expect('=', 'behind config');
  cursor.expect('{', 'before settings');
  const settings: Setting[] = [];
  while (!cursor.accept('}')) {
    if (cursor.accept(';')) continue;
    const first = cursor.expectKind('name', "a setting's name");
    cursor.expect('=', "behind the setting's name");
    settings.push({ name: first.text, value: parseSettingValue(cursor), ...cursor.since(first) });
    if (!cursor.is('}')) cursor.expect(';', 'between two settings');
  }
  return settings;
}

function parseSettingValue(cursor: Cursor): bigint | string | boolean {
  const { kind, text, value } = cursor.token;
  if (kind !== 'integer' && kind !== 'string' && kind !== 'name')
    throw cursor.unexpected('a number, a word or a string');
  cursor.take();
  if (kind === 'integer') return value ?? 0n;
  return kind === 'name' && (text === 'true' || text === 'false') ? text === 'true' : text;
}

function parseImport(cursor: Cursor) {
  const first = cursor.take();
  const { text } = cursor.expectKind('string', 'a path in quotes');
  return { path: text, ...cursor.since(first) };
}

function parseMapDeclaration(cursor: Cursor): MapDeclaration {
  const first = cursor.take();
  const name = cursor.expectKind('map', 'a map behind let, as @x').text;
  cursor.expect('=', 'behind the map');
  const type = cursor.expectKind('name', 'a kind of map, as lruhash').text;
  cursor.expect('(', 'behind the kind of map');
  const { value: maxEntries = 0n } = cursor.expectKind('integer', 'how many entries the map has');
  cursor.expect(')', 'behind the number of entries');
  return { name, type, maxEntries, ...cursor.since(first) };
}

function parseMacro(cursor: Cursor): Macro {
  const first = cursor.take();
  const name = cursor.expectKind('name', 'a name behind macro').text;
  const parameters = cursor.accept('(') ? parseList(cursor, ')', 'a parameter', parseParameter) : [];
  return { name, parameters, body: cursor.grammar.block(cursor, true), ...cursor.since(first) };
}

function parseParameter(cursor: Cursor): Macro['parameters'][number] {
  const found = cursor.grammar.expression(cursor);
  if (found.kind === 'name' || found.kind === 'variable') return found;
  if (found.kind === 'map' && found.key === undefined) return found;
  throw cursor.script.error(found, 'a parameter of a macro is a name, a variable ($x) or a map (@x)');
}

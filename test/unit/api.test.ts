/** The public surface, written down: a change to it shows in the diff of the commit that makes it. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { doors } from '../../.setup/doors.mjs';

const declarations = new Map(
  doors.map(({ name, built }) => [name, fileURLToPath(new URL(`../../dist/${built}.d.ts`, import.meta.url))]),
);
const program = ts.createProgram([...declarations.values()], {
  skipLibCheck: true,
  module: ts.ModuleKind.NodeNext,
});
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });
const names = [...declarations.keys()];

/** What a door exports, behind its re-exports. */
function exportedBy(door: string): ts.Symbol[] {
  const source = program.getSourceFile(declarations.get(door) ?? '');
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error('the library is not built: npm run build');
  return checker.getExportsOfModule(module).map(symbol => {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  });
}

/** A declaration without comments and private members. */
function declared(symbol: ts.Symbol): string {
  const texts = (symbol.declarations ?? []).map(declaration => {
    return printer.printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile());
  });
  return texts.join('\n').replace(/^ +(#private|private .*|protected .*);\n/gm, '');
}

describe.each(names)('the public surface: %s', door => {
  it('is what test/api says; update it with `vitest -u` where a change is meant', async () => {
    const surface = exportedBy(door).map(declared).sort().join('\n\n');
    await expect(`${surface}\n`).toMatchFileSnapshot(`../api/${door}.txt`);
  });

  it('is documented, name by name', () => {
    const silent = exportedBy(door).filter(symbol => symbol.getDocumentationComment(checker).length === 0);
    expect(silent.map(symbol => symbol.name)).toEqual([]);
  });
});

it('each public name has one door', () => {
  const all = names.flatMap(door => exportedBy(door).map(({ name }) => name));
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
});

it('the root has at most 150 values', () => {
  const values = exportedBy('index').filter(({ flags }) => flags & ts.SymbolFlags.Value);
  expect(values.length).toBeLessThanOrEqual(150);
});

/** The public surface, written down: a change to it shows in the diff of the commit that makes it. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const door = fileURLToPath(new URL('../../dist/index.d.ts', import.meta.url));

const program = ts.createProgram([door], { skipLibCheck: true, module: ts.ModuleKind.NodeNext });
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

/** What the door exports, behind its re-exports. */
function exported(): ts.Symbol[] {
  const source = program.getSourceFile(door);
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

describe('the public surface', () => {
  it('is what test/api.txt says; update it with `vitest -u` where a change is meant', async () => {
    const surface = exported().map(declared).sort().join('\n\n');
    await expect(`${surface}\n`).toMatchFileSnapshot('../api.txt');
  });

  it('is documented, name by name', () => {
    const silent = exported().filter(symbol => symbol.getDocumentationComment(checker).length === 0);
    expect(silent.map(symbol => symbol.name)).toEqual([]);
  });
});

/** The public surface, written down: a change to it shows in the diff of the commit that makes it. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { checker, doorNames, exportedBy, namedBy, written } from '../support/surface.js';

const printer = ts.createPrinter({ removeComments: true });

/** A declaration without comments and private members. */
function declared(symbol: ts.Symbol): string {
  const texts = (symbol.declarations ?? []).map(declaration => {
    return printer.printNode(ts.EmitHint.Unspecified, written(declaration), declaration.getSourceFile());
  });
  // Compilers differ in the quotes of what they infer.
  const text = texts.join('\n').replace(/'([^'"\n]*)'/g, '"$1"');
  return text.replace(/^ +(#private|private .*|protected .*);\n/gm, '');
}

describe.each(doorNames)('the public surface: %s', door => {
  it('is what test/api says; update it with `vitest -u` where a change is meant', async () => {
    const surface = exportedBy(door).map(declared).sort().join('\n\n');
    await expect(`${surface}\n`).toMatchFileSnapshot(`../api/${door}.txt`);
  });

  it('is documented, name by name', () => {
    const silent = exportedBy(door).filter(symbol => symbol.getDocumentationComment(checker).length === 0);
    expect(silent.map(symbol => symbol.name)).toEqual([]);
  });
});

it('each public name has one door, and what generated modules import is together in one', () => {
  const alone = doorNames.filter(door => door !== 'skeleton');
  const all = alone.flatMap(door => exportedBy(door).map(({ name }) => name));
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
});

it('what a public name is made of can be imported too, from some door', () => {
  const all = new Set(doorNames.flatMap(exportedBy));
  const named = [...all].flatMap(symbol => namedBy(symbol).map(part => ({ part, symbol })));
  expect(named.length).toBeGreaterThan(all.size);
  const leaks = named.filter(({ part }) => !all.has(part));
  expect(leaks.map(({ part, symbol }) => `${part.name} in ${symbol.name}`)).toEqual([]);
});

it('the root has at most 150 values', () => {
  const values = exportedBy('index').filter(({ flags }) => flags & ts.SymbolFlags.Value);
  expect(values.length).toBeLessThanOrEqual(150);
});

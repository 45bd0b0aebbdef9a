/** The public surface, written down: a change to it shows in the diff of the commit that makes it. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { closables } from '../support/closables.js';
import { checker, doorNames, exportedBy, namedBy, written } from '../support/surface.js';

const printer = ts.createPrinter({ removeComments: true });

/** A declaration without comments and private members. */
function declared(symbol: ts.Symbol): string {
  const texts = (symbol.declarations ?? []).map(declaration => {
    return printer.printNode(ts.EmitHint.Unspecified, written(declaration), declaration.getSourceFile());
  });
  return texts.join('\n').replace(/^ +(#private|private .*|protected .*);\n/gm, '');
}

/** The names of a class and of those that it extends. */
function basesOf(type: ts.Type): string[] {
  const above = type.isClassOrInterface() ? checker.getBaseTypes(type) : [];
  const { target = type } = type as ts.TypeReference;
  return [type.symbol.name, ...(target === type ? above : [target]).flatMap(basesOf)];
}

function symbolNamed(name: string): ts.Symbol {
  return exportedBy('index').find(symbol => symbol.name === name) as ts.Symbol;
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

it('each public name has one door', () => {
  const all = doorNames.flatMap(door => exportedBy(door).map(({ name }) => name));
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
});

it('what a public name is made of can be imported too, from some door', () => {
  const all = new Set(doorNames.flatMap(exportedBy));
  const named = [...all].flatMap(symbol => namedBy(symbol).map(part => ({ part, symbol })));
  expect(named.length).toBeGreaterThan(all.size);
  const leaks = named.filter(({ part }) => !all.has(part));
  expect(leaks.map(({ part, symbol }) => `${part.name} in ${symbol.name}`)).toEqual([]);
});

describe('a class that is closed', () => {
  const [closable, resource] = ['Closable', 'Resource'].map(name => {
    return checker.getDeclaredTypeOfSymbol(symbolNamed(name));
  }) as [ts.Type, ts.Type];
  const doors = ['close', 'closeSync', 'closed'];
  const closed = doorNames
    .flatMap(exportedBy)
    .filter(symbol => symbol.flags & ts.SymbolFlags.Class)
    .map(symbol => checker.getDeclaredTypeOfSymbol(symbol))
    .filter(type => type !== resource && doors.some(name => checker.getPropertyOfType(type, name)));

  it('is a Closable: one shape for all', () => {
    const others = closed.filter(type => !checker.isTypeAssignableTo(type, closable));
    expect(others.map(({ symbol }) => symbol.name)).toEqual([]);
  });

  it('is in the test of how they close, or extends one that is', () => {
    const names = closed.map(({ symbol }) => symbol.name);
    expect(Object.keys(closables).filter(name => !names.includes(name))).toEqual([]);
    const untested = closed.filter(type => !basesOf(type).some(base => Object.hasOwn(closables, base)));
    expect(untested.map(({ symbol }) => symbol.name)).toEqual([]);
  });
});

it('the root has at most 150 values', () => {
  const values = exportedBy('index').filter(({ flags }) => flags & ts.SymbolFlags.Value);
  expect(values.length).toBeLessThanOrEqual(150);
});

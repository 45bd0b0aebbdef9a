/** One idea has one shape: what the public names must have in common, read from their declarations. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { AttachKind } from '../../lib/attach/attach-kind.js';
import { type AttachKindName, attachKinds } from '../../lib/attach/table.js';
import { closables } from '../support/closables.js';
import { checker, doorNames, exportedBy } from '../support/surface.js';

const exported = doorNames.flatMap(exportedBy);

describe('a class that is closed', () => {
  const [closable, ...bases] = ['Closable', 'Resource', 'Pinnable'].map(name => {
    return checker.getDeclaredTypeOfSymbol(exported.find(symbol => symbol.name === name) as ts.Symbol);
  }) as [ts.Type, ...ts.Type[]];
  const closed = exported
    .filter(symbol => symbol.flags & ts.SymbolFlags.Class)
    .map(symbol => checker.getDeclaredTypeOfSymbol(symbol))
    .filter(
      type => !bases.includes(type) && ['close', 'closeSync', 'closed'].some(name => type.getProperty(name)),
    );

  it('is a Closable', () => {
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

/** The names of a class and of those that it extends. */
function basesOf(type: ts.Type): string[] {
  const above = type.isClassOrInterface() ? checker.getBaseTypes(type) : [];
  const { target = type } = type as ts.TypeReference;
  return [type.symbol.name, ...(target === type ? above : [target]).flatMap(basesOf)];
}

describe('a class', () => {
  /** What an application makes itself: values of C, errors for its tests, lines of a log, BTF. */
  const made = ['BpfError', 'BtfBuilder', 'CValue', 'ProgramLines', 'VerifierError'];

  it('is made by the library, unless an application has a reason to', () => {
    const classes = exported.filter(symbol => symbol.flags & ts.SymbolFlags.Class && !isAbstract(symbol));
    expect(classes.length).toBeGreaterThan(40);
    const open = classes.filter(symbol => {
      const [signature] = checker.getTypeOfSymbol(symbol).getConstructSignatures();
      const declaration = signature?.getDeclaration();
      const kept = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
      return !(declaration && ts.getCombinedModifierFlags(declaration) & kept);
    });
    expect(open.map(({ name }) => name).sort()).toEqual(made);
  });
});

function isAbstract({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(each => ts.getCombinedModifierFlags(each) & ts.ModifierFlags.Abstract);
}

describe('the options of attach()', () => {
  const [byKind] = exported.filter(({ name }) => name === 'AttachOptionsByKind') as [ts.Symbol];
  const kinds = checker.getDeclaredTypeOfSymbol(byKind).getProperties();

  it.each(kinds.map(({ name }) => name))('of %s are those that are checked', name => {
    const kind = kinds.find(each => each.name === name) as ts.Symbol;
    const declared = checker.getTypeOfSymbol(kind).getProperties();
    const { takes = [] }: AttachKind = attachKinds[name as AttachKindName];
    expect(declared.length).toBeGreaterThan(0);
    expect([...takes].sort()).toEqual(declared.map(each => each.name).sort());
  });
});

describe('the places that queryHook() takes', () => {
  const [byKind] = exported.filter(({ name }) => name === 'HooksByKind') as [ts.Symbol];
  const kinds = checker.getDeclaredTypeOfSymbol(byKind).getProperties();

  it.each(kinds.map(kind => [kind.name, kind] as const))('of %s are those that are checked', (name, kind) => {
    const declared = checker.getTypeOfSymbol(kind).getProperties();
    const { asks = [] }: AttachKind = attachKinds[name as AttachKindName];
    expect(declared.length).toBeGreaterThan(0);
    expect([...asks].sort()).toEqual(declared.map(each => each.name).sort());
  });
});

/** Promises without a twin on this thread, by why they have none; CONTRIBUTING has the rule. */
const withoutTwin: Readonly<Record<string, RegExp>> = {
  'waiting is what it is for':
    /^preload$|^profile$|^trace$|^CompiledTrace\.start$|Blocking$|^EventQueue\.(next|return)$|^IterLink\.text$|^Command\.|^Tool\w*\.|^TracingObject\.|^OpenedForTracing\./,
  'it is about many elements, which are walked on this thread':
    /\.(\w+Batch|snapshot|takeAll)$|^readHistogram$/,
  'it goes through the whole machine': /^(holders|dumpProgram|(find|list|watch)(Containers?|Pod|Processes))$/,
  'it reads whole programs':
    /^symbolize$|^Symbolizer\.(symbolize|remember)$|^startProfile$|^RunningProfile\.(read|stop)$/,
  'it attaches to, or reads, many things':
    /^observe$|^KernelTelemetry\.(read|text|scrape|register|meter)$|^OtelProducer\.collect$/,
  'it builds': new RegExp(
    `^(${exportedBy('build')
      .map(({ name }) => name)
      .join('|')})$`,
  ),
};

describe('a call that gives a promise', () => {
  const calls = new Map(exported.flatMap(callsOf));
  const promising = [...calls].filter(([, call]) =>
    answersOf(call).some(answer => answer.startsWith('Promise<')),
  );

  it('has a twin on this thread, or a reason why not', () => {
    const alone = promising
      .map(([name]) => name)
      .filter(name => !calls.has(`${name}Sync`) && !name.endsWith('.close'));
    const unexplained = alone.filter(name => !Object.values(withoutTwin).some(reason => reason.test(name)));
    expect(unexplained).toEqual([]);
    const needless = Object.entries(withoutTwin).filter(([, names]) => !alone.some(name => names.test(name)));
    expect(needless).toEqual([]);
  });

  it('takes what its twin takes, and promises what that gives', () => {
    const twins = [...calls].filter(([name]) => name.endsWith('Sync'));
    expect(twins.length).toBeGreaterThan(20);
    const unlike = twins.filter(([name, twin]) => {
      const call = calls.get(name.replace(/Sync$/, ''));
      const promised = answersOf(twin).map(answer => `Promise<${answer}>`);
      return (
        call === undefined ||
        String(answersOf(call)) !== String(promised) ||
        withoutPromises(String(takenBy(call))) !== String(takenBy(twin))
      );
    });
    expect(unlike.map(([name]) => name)).toEqual([]);
  });
});

/** A call that waits may take what is still to come: `ObjectFile | Promise<ObjectFile>`. */
function withoutPromises(taken: string): string {
  return taken.replace(/ \| Promise<\w+>/g, '');
}

/** A function, or the methods of a class or interface, by name. */
function callsOf(symbol: ts.Symbol): [name: string, type: ts.Type][] {
  if (symbol.flags & ts.SymbolFlags.Function) return [[symbol.name, checker.getTypeOfSymbol(symbol)]];
  const members = [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])];
  return members
    .filter(({ flags, name }) => flags & ts.SymbolFlags.Method && /^\w/.test(name) && !name.startsWith('__@'))
    .map(member => [`${symbol.name}.${member.name}`, checker.getTypeOfSymbol(member)]);
}

function answersOf(call: ts.Type): string[] {
  return call.getCallSignatures().map(signature => whole(signature.getReturnType()));
}

function takenBy(call: ts.Type): string[] {
  return call.getCallSignatures().flatMap(({ parameters }) => {
    return parameters.map(parameter => whole(checker.getTypeOfSymbol(parameter)));
  });
}

function whole(type: ts.Type): string {
  return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
}

/** C declarations of a script: members are where clang puts them, in 400 random structs. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Btf } from '../../lib/btf/index.js';
import { declaredTypes } from '../../lib/trace/declare/declarations.js';
import { Script } from '../../lib/trace/text/script.js';
import { compile } from '../support/clang.js';
import { layouts, sourceOf, withTail } from '../support/layouts.js';

const all = [
  ...fc.sample(layouts, { numRuns: 360, seed: 19 }),
  ...fc.sample(withTail, { numRuns: 40, seed: 19 }),
];

const declarations = [
  'enum state { IDLE, BUSY = 5 };',
  ...all.map(({ body, attribute }, at) => `struct s${at} { ${body} } ${attribute};`),
];

/** Size and members, with those of structs within. */
function shapeOf(btf: Btf, id: number): unknown {
  const type = btf.type(btf.resolve(id));
  if (type.kind === 'array') return [type.count, shapeOf(btf, type.type)];
  if (type.kind === 'enum') return type.values;
  if (type.kind !== 'struct' && type.kind !== 'union') return `${type.kind} ${btf.sizeOf(id)}`;
  const members = type.members.map(({ name, type: of, bitOffset, bits }) => ({
    name,
    bitOffset,
    bits,
    of: shapeOf(btf, of),
  }));
  return { kind: type.kind, size: type.size, members };
}

function shapesOf(btf: Btf): unknown[] {
  return all.map((_, at) => shapeOf(btf, btf.find('struct', `s${at}`) ?? expect.fail()));
}

it('are laid out as clang lays them out', () => {
  const { bytes } = compile(sourceOf(all), 'bpfel', ['-g', '-Wno-everything']);
  const text = declarations.join('\n');
  const starts = declarations.map((_, at) => declarations.slice(0, at).join('\n').length + Number(at > 0));
  const spans = declarations.map((each, at) => ({
    start: starts[at] ?? 0,
    end: (starts[at] ?? 0) + each.length,
  }));
  const btf = declaredTypes(spans, new Script(text, 'layouts'), undefined, new Map());
  expect(shapesOf(btf)).toEqual(shapesOf(Btf.fromBytes(bytes, 'clang')));
});

/** The global and static variables of an object, by section. */
import {
  type Btf,
  type BtfDatasec,
  type BtfVar,
  type Elf,
  type ElfSection,
  symbolTypes,
} from '../btf/index.js';
import {
  buildCodec,
  type FormTable,
  isFlexible,
  leastOf,
  type MemberShape,
  type Shape,
  shapeOf,
} from '../codec/index.js';
import { BpfError } from '../errors/bpf-error.js';
import type { GlobalsModel } from './model.js';

/** Variables in an arena: the section of compilers, and of ARENA_SEC in libbpf.c. */
const arenaSection = '.addr_space.1';
const ofVariables = /^\.(?:(?:rodata|data|bss)(?:\.|$)|addr_space\.1$)/;

/** Sections of variables in the order of the file; `.kconfig`, `.ksyms` and `license` are not among them. */
export function readGlobals(elf: Elf, btf: Btf, forms: FormTable): readonly GlobalsModel[] {
  const offsets = symbolOffsets(elf);
  const sections = elf.sections.filter(section => ofVariables.test(section.name));
  const globals = sections.map(section => readSection(btf, section, offsets, forms));
  return globals.filter(({ shape }) => shape.members.length > 0);
}

function readSection(btf: Btf, section: ElfSection, offsets: Offsets, forms: FormTable): GlobalsModel {
  const id = btf.find('datasec', section.name);
  const datasec = id === undefined ? undefined : btf.type(id);
  const variables = datasec?.kind === 'datasec' ? readVariables(btf, datasec, section, offsets, forms) : [];
  const members = namedApart(variables.toSorted((a, b) => a.offset - b.offset));
  return {
    key: section.name === arenaSection ? 'arena' : section.name.slice(1),
    shape: { kind: 'struct', type: section.name, size: section.size, members },
  };
}

/** A linked object may hold several static variables of one name: `calls`, then `calls_2`. */
function namedApart(members: readonly MemberShape[]): readonly MemberShape[] {
  const taken = new Set(members.map(({ name }) => name));
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  return members.map(member => {
    let name = member.name;
    let count = counts.get(name) ?? 2;
    while (seen.has(name) || (name !== member.name && taken.has(name))) name = `${member.name}_${count++}`;
    counts.set(member.name, count);
    seen.add(name);
    return { ...member, name };
  });
}

function readVariables(
  btf: Btf,
  datasec: BtfDatasec,
  section: ElfSection,
  offsets: Offsets,
  forms: FormTable,
): MemberShape[] {
  // A linker fills in the size and all offsets; clang leaves the size 0, and the offsets of globals to their symbols.
  const isLinked = datasec.size !== 0;
  return datasec.variables.flatMap(({ type, offset, size }): MemberShape[] => {
    const variable = btf.type(type);
    if (variable.kind !== 'var' || variable.linkage === 'extern') return [];
    const at = isLinked ? offset : (offsets.get(`${section.index} ${variable.name}`) ?? offset);
    if (at + Math.max(size, btf.sizeOf(type)) > section.size) throw misplaced(btf, variable, section, at);
    const shape = wholeShape(btf, type, Math.max(size, btf.sizeOf(type)), forms);
    return [{ name: variable.name, offset: at, shape }];
  });
}

/**
 * The shape of a variable of so many bytes. One that ends in a flexible array may be larger than its type, and the array
 * may begin before the padding at the end of its struct: it has as many elements as there is room for.
 */
function wholeShape(btf: Btf, type: number, size: number, forms: FormTable): Shape {
  const shape = shapeOf(btf, type, { tail: true, forms });
  const hasRoom = isFlexible(shape) && leastOf(buildCodec(shape)) < size;
  return hasRoom ? withTail(shape, size) : shapeOf(btf, type, { tail: false, forms });
}

/** The shape with so many bytes in all. */
function withTail(shape: Shape, size: number): Shape {
  switch (shape.kind) {
    case 'text':
    case 'bytes':
      return { ...shape, length: size };
    case 'array':
      return { ...shape, count: Math.floor(size / buildCodec(shape.of).size) };
    case 'struct':
    case 'union':
      return { ...shape, size, members: shape.members.map(member => membersTail(member, size)) };
    default:
      return shape;
  }
}

function membersTail(member: MemberShape, size: number): MemberShape {
  if (!isFlexible(member.shape)) return member;
  return { ...member, shape: withTail(member.shape, size - member.offset) };
}

type Offsets = ReadonlyMap<string, number>;

/** Offsets of variables by section index and name. */
function symbolOffsets(elf: Elf): Offsets {
  const objects = elf.symbols.filter(symbol => symbol.type === symbolTypes.object);
  return new Map(objects.map(({ section, name, value }) => [`${section} ${name}`, Number(value)]));
}

function misplaced(btf: Btf, { id, name }: BtfVar, section: ElfSection, offset: number): BpfError {
  const where = `at offset ${offset} does not end in section ${section.name} of ${section.size} bytes`;
  const reason = `variable ${name}, BTF type ${id}, ${where}`;
  return new BpfError({ code: 'ERR_BPF_BTF', operation: `read ${btf.subject}`, reason });
}

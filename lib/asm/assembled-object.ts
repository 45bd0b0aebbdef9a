/** An object file of assembled programs, as clang would write it: libbpf loads it like any other. */
import { littleEndian } from '../btf/index.js';
import { ElfWriter } from './elf-writer.js';
import { encodeInsns, type Insn, insn, insnLength } from './insn.js';
import { insnTarget } from './insn-text.js';
import { type DescribedFunction, sourceRecords } from './source-records.js';

/** A program and its place in the object. */
export interface AssembledProgram {
  /** As `xdp` or `tp/syscalls/sys_enter_getppid`: it says type and attachment. */
  readonly section: string;
  /** The program; what it calls by label stands behind it. */
  readonly insns: readonly Insn[];
  /** What it was made of, for the verifier's log and dumps: each line holds until the next one. */
  readonly lines?: readonly InsnLine[];
}

/** The line of a source that instructions were made of. */
export interface InsnLine {
  /** Of the first of them, in slots. */
  readonly index: number;
  readonly file: string;
  /** The line's text. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A function: a stretch of a program's instructions. */
interface Part {
  readonly name: string;
  /** Where it begins in its program, in slots. */
  readonly start: number;
  readonly insns: readonly Insn[];
  readonly lines: readonly InsnLine[];
}

const slot = 8;
/** `R_BPF_64_64` and `R_BPF_64_32`. */
const relocation = { address: 1, call: 10 } as const;

/** The object's bytes, in this machine's order. */
export function assembledObject(
  programs: Readonly<Record<string, AssembledProgram>>,
  license: string,
): Uint8Array {
  const elf = new ElfWriter(littleEndian);
  const split = Object.entries(programs).map(([name, { section, insns, lines = [] }]) => {
    const [main, ...called] = functionsOf(name, insns, lines);
    return { section, main, called };
  });
  const called = split.flatMap(each => each.called);
  const symbols = placeCalled(elf, called, littleEndian);
  const sections = new Map<string, Part[]>();
  for (const { section, main } of split)
    if (main !== undefined) sections.set(section, [...(sections.get(section) ?? []), main]);
  for (const [section, mains] of sections) placePrograms(elf, section, mains, symbols, littleEndian);
  elf.section('license', 'data', new TextEncoder().encode(`${license}\0`));
  addTypes(elf, sections, called);
  return elf.bytes();
}

/** What `.BTF.ext` says of each section: its functions, in their order, and the lines that they are of. */
function addTypes(
  elf: ElfWriter,
  programs: ReadonlyMap<string, readonly Part[]>,
  called: readonly Part[],
): void {
  const text = { name: '.text', functions: called.map(part => describe(part, startOf(called, part), true)) };
  const sections = [...programs].map(([name, mains]) => {
    return { name, functions: mains.map(main => describe(main, startOf(mains, main), false)) };
  });
  const { btf, ext } = sourceRecords([text, ...sections], littleEndian);
  elf.section('.BTF', 'plain', btf);
  elf.section('.BTF.ext', 'plain', ext);
}

function describe({ name, start, lines }: Part, at: number, isStatic: boolean): DescribedFunction {
  const placed = lines.map(line => ({ ...line, offset: at + (line.index - start) * slot }));
  return { name, offset: at, isStatic, lines: placed };
}

/** The program itself, and the functions behind it: each begins where something calls or points to. */
function functionsOf(name: string, insns: readonly Insn[], lines: readonly InsnLine[]): Part[] {
  const starts = new Set([0]);
  for (const each of insns)
    if (each.kind === 'subprogram' || each.kind === 'func') starts.add(insnTarget(each) ?? 0);
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.map((start, at) => ({
    name: start === 0 ? name : `${name}_${start}`,
    start,
    insns: insns.filter(isWithin(start, sorted[at + 1])),
    lines: lines.filter(isWithin(start, sorted[at + 1])),
  }));
}

function isWithin(
  start: number,
  end = Number.POSITIVE_INFINITY,
): (at: { readonly index: number }) => boolean {
  return ({ index }) => index >= start && index < end;
}

/** Number of the symbol of each function, by program and start. */
type Symbols = ReadonlyMap<string, number>;

/**
 * libbpf finds functions that are called in `.text`, and copies them behind each program that calls them
 * (bpf_object__append_subprog_code() in libbpf.c).
 */
function placeCalled(elf: ElfWriter, called: readonly Part[], littleEndian: boolean): Symbols {
  const symbols = new Map<string, number>();
  if (called.length === 0) return symbols;
  const text = elf.section('.text', 'code', new Uint8Array());
  let at = 0;
  for (const part of called) {
    const size = sizeOf(part);
    symbols.set(part.name, elf.symbol(part.name, text, at, size));
    at += size;
  }
  const bytes = called.map(part => relocated(elf, text, part, symbols, littleEndian, startOf(called, part)));
  elf.fill(text, Buffer.concat(bytes));
  return symbols;
}

/** Where it begins among the others. */
function startOf(called: readonly Part[], part: Part): number {
  return called.slice(0, called.indexOf(part)).reduce((sum, each) => sum + sizeOf(each), 0);
}

/** Those of a section stand in it one behind the other, as clang has them: libbpf tells them apart by their symbols. */
function placePrograms(
  elf: ElfWriter,
  section: string,
  parts: readonly Part[],
  symbols: Symbols,
  littleEndian: boolean,
): void {
  const index = elf.section(section, 'code', new Uint8Array());
  const bytes = parts.map(part => {
    const start = startOf(parts, part);
    elf.symbol(part.name, index, start, sizeOf(part));
    return relocated(elf, index, part, symbols, littleEndian, start);
  });
  elf.fill(index, Buffer.concat(bytes));
}

/** Its instructions, with a relocation where each call or address of a function is. */
function relocated(
  elf: ElfWriter,
  section: number,
  part: Part,
  symbols: Symbols,
  littleEndian: boolean,
  start: number,
): Uint8Array {
  const program = part.start === 0 ? part.name : part.name.replace(/_\d+$/, '');
  const insns = part.insns.map(each => {
    if (each.kind !== 'subprogram' && each.kind !== 'func') return each;
    const symbol = symbols.get(`${program}_${insnTarget(each)}`);
    if (symbol === undefined) return each;
    const kind = each.kind === 'func' ? relocation.address : relocation.call;
    elf.relocate(section, start + (each.index - part.start) * slot, symbol, kind);
    return insn({ ...each, imm: each.kind === 'func' ? 0 : -1 });
  });
  return encodeInsns(insns, littleEndian);
}

function sizeOf({ insns }: Part): number {
  return insns.reduce((sum, each) => sum + insnLength(each), 0) * slot;
}

/** An object file of assembled programs, as clang would write it: libbpf loads it like any other. */
import { BtfWriter } from '../btf/btf-writer.js';
import { littleEndian } from '../btf/index.js';
import { ElfWriter } from './elf-writer.js';
import { encodeInsns, type Insn, insn, insnLength } from './insn.js';
import { insnTarget } from './insn-text.js';

/** A program and its place in the object. */
export interface AssembledProgram {
  /** As `xdp` or `tp/syscalls/sys_enter_getppid`: it says type and attachment. */
  readonly section: string;
  /** The program; what it calls by label stands behind it. */
  readonly insns: readonly Insn[];
}

/** A function: a stretch of a program's instructions. */
interface Part {
  readonly name: string;
  /** Where it begins in its program, in slots. */
  readonly start: number;
  readonly insns: readonly Insn[];
}

const slot = 8;
/** `R_BPF_64_64` and `R_BPF_64_32`. */
const relocation = { address: 1, call: 10 } as const;
const btfInt = { name: 'int', kind: 1, third: 4, body: [(1 << 24) | 32] };

/** The object's bytes, in this machine's order. */
export function assembledObject(
  programs: Readonly<Record<string, AssembledProgram>>,
  license: string,
): Uint8Array {
  const elf = new ElfWriter(littleEndian);
  const parts = Object.entries(programs).map(([name, { section, insns }]) => {
    return { section, functions: functionsOf(name, insns) };
  });
  const called = parts.flatMap(({ functions }) => functions.slice(1));
  const symbols = placeCalled(elf, called, littleEndian);
  for (const { section, functions } of parts) {
    const [main] = functions;
    if (main !== undefined) placeProgram(elf, section, main, symbols, littleEndian);
  }
  elf.section('license', 'data', new TextEncoder().encode(`${license}\0`));
  const btf = new BtfWriter(littleEndian);
  btf.add(btfInt);
  elf.section('.BTF', 'plain', btf.bytes());
  return elf.bytes();
}

/** The program itself, and the functions behind it: each begins where something calls or points to. */
function functionsOf(name: string, insns: readonly Insn[]): Part[] {
  const starts = new Set([0]);
  for (const each of insns)
    if (each.kind === 'subprogram' || each.kind === 'func') starts.add(insnTarget(each) ?? 0);
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.map((start, at) => ({
    name: start === 0 ? name : `${name}_${start}`,
    start,
    insns: insns.filter(
      ({ index }) => index >= start && index < (sorted[at + 1] ?? Number.POSITIVE_INFINITY),
    ),
  }));
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

function placeProgram(
  elf: ElfWriter,
  section: string,
  part: Part,
  symbols: Symbols,
  littleEndian: boolean,
): void {
  const index = elf.section(section, 'code', new Uint8Array());
  elf.symbol(part.name, index, 0, sizeOf(part));
  elf.fill(index, relocated(elf, index, part, symbols, littleEndian, 0));
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

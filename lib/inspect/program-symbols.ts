/** Names for the addresses and numbers in a loaded program's instructions. */

import type { Insn, InsnNames } from '../asm/index.js';
import { kernelBtf } from '../host/kernel-types.js';
import { helpers } from '../kinds/helpers.js';
import { helperBase, symbolsAt } from './kernel-symbols.js';

/** Names for the addresses of a program, from the kernel's symbols. */
export class ProgramSymbols {
  readonly #base: bigint | undefined;
  readonly #names: ReadonlyMap<bigint, string>;
  /** Where each of the program's functions is. */
  readonly #functions: readonly bigint[];

  private constructor(
    base: bigint | undefined,
    names: ReadonlyMap<bigint, string>,
    functions: readonly bigint[],
  ) {
    this.#base = base;
    this.#names = names;
    this.#functions = functions;
  }

  /** Looks up all that some instructions, functions, and what these may call need. */
  static async of(
    insns: readonly Insn[],
    functions: readonly bigint[],
    callees: readonly bigint[],
  ): Promise<ProgramSymbols> {
    const base = await helperBase();
    const called = base === undefined ? [] : insns.filter(callsKernel).map(({ imm }) => base + BigInt(imm));
    const constants = insns.filter(({ kind }) => kind === 'imm64').map(constantOf);
    const inKernel = constants.filter(address => address >= 1n << 63n);
    const names = await symbolsAt([...functions, ...called, ...inKernel, ...callees]);
    return new ProgramSymbols(base, names, functions);
  }

  /** False where addresses are hidden. */
  get known(): boolean {
    return this.#base !== undefined;
  }

  /** What is at an address. */
  at(address: bigint): string | undefined {
    return this.#names.get(address);
  }

  /** The names that bpftool writes. */
  get insnNames(): InsnNames {
    return { call: insn => this.#callee(insn), constant: mapText };
  }

  /** The symbol, map or helper whose address a constant is. */
  symbolOf(insn: Insn): string | undefined {
    return insn.kind === 'imm64' ? this.at(constantOf(insn)) : undefined;
  }

  #callee(insn: Insn): string | undefined {
    const { kind, imm, off } = insn;
    if (kind === 'subprogram') return this.#subprogram(off, imm);
    if (kind === 'helper' && imm >= 0 && imm <= helpers.length) return imm === 0 ? 'bpf_unspec' : undefined;
    if (this.#base === undefined) return undefined;
    const address = this.#base + BigInt(imm);
    return this.at(address) ?? kfuncName(insn) ?? `0x${BigInt.asUintN(64, address).toString(16)}`;
  }

  /** Loaded programs have the distance where others have none, and in its place which function it is. */
  #subprogram(distance: number, index: number): string {
    const [address, plus] = [this.#functions[index], distance < 0 ? `${distance}` : `+${distance}`];
    if (address === undefined) return plus;
    return `${plus}#${this.at(address) ?? `0x${address.toString(16)}`}`;
  }
}

function callsKernel({ kind, imm }: Insn): boolean {
  return kind === 'kfunc' || (kind === 'helper' && (imm < 0 || imm > helpers.length));
}

/** Where a call reaches all of memory, the number of the function's type stands in it. */
function kfuncName({ kind, imm, off }: Insn): string | undefined {
  if (kind !== 'kfunc' || off !== 0) return undefined;
  const btf = kernelBtf();
  return imm > 0 && imm < btf.count && btf.kind(imm) === 'func' ? btf.name(imm) : undefined;
}

function constantOf({ imm, next = 0 }: Insn): bigint {
  return (BigInt(next >>> 0) << 32n) | BigInt(imm >>> 0);
}

/**
 * The kernel puts a map's number where a program had its descriptor (bpf_insn_prepare_dump() in kernel/bpf/syscall.c).
 */
function mapText({ kind, imm, next = 0 }: Insn): string | undefined {
  if (kind === 'map') return `map[id:${imm}]`;
  return kind === 'map_value' ? `map[id:${imm}][0]+${next}` : undefined;
}

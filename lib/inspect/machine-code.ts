/** Machine code of a loaded program, function by function. */

import type { KernelRecord } from '../native/kernel-record.js';
import { addressesIn, bytesIn, wordsIn } from '../program/record.js';
import { callsIn } from './machine-calls.js';
import type { SourceFunction, SourcePlace } from './program-source.js';
import type { ProgramSymbols } from './program-symbols.js';

/** One function in memory. */
export interface MachineFunction {
  /** As in `/proc/kallsyms`, or the C function's. */
  readonly name: string;
  readonly address: bigint;
  readonly code: Uint8Array;
  /** Where source lines begin, in bytes from the function's start. */
  readonly lines: readonly { readonly offset: number; readonly source: SourcePlace }[];
  /** Calls of what has a name, by where the instruction is; on x64 and arm64. */
  readonly calls: readonly { readonly offset: number; readonly size: number; readonly name: string }[];
}

/** The bytes of one. */
interface Code {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** What names it and its lines, in the order of the program. */
interface About {
  readonly functions: readonly SourceFunction[];
  readonly lines: readonly (readonly [instruction: number, place: SourcePlace])[];
  readonly symbols: ProgramSymbols;
}

/**
 * None where code is hidden (bpf_dump_raw_ok() in include/linux/filter.h). Without addresses there are no functions
 * to tell apart, and none are told.
 */
function codeIn(record: KernelRecord): Code[] {
  const code = bytesIn(record, 'machineCode');
  const [addresses, lengths] = [addressesIn(record, 'symbols'), wordsIn(record, 'functionLengths')];
  if (code === undefined || code.length === 0) return [];
  let start = 0;
  return addresses.map((address, at) => {
    const length = lengths[at] ?? 0;
    const bytes = Uint8Array.from(code.subarray(start, start + length));
    start += length;
    return { address, bytes };
  });
}

/** What machine code may call: its names are to be looked up. */
export function calledBy(record: KernelRecord): bigint[] {
  return codeIn(record).flatMap(({ bytes, address }) => callsIn(bytes, address).map(({ target }) => target));
}

/** Each function of a program. */
export function machineFunctions(record: KernelRecord, about: About): MachineFunction[] {
  const lines = linesByAddress(record, about);
  return codeIn(record).map(({ address, bytes }, at) => ({
    name: about.symbols.at(address) ?? about.functions[at]?.name ?? '',
    address,
    code: bytes,
    lines: linesOf(lines, address, bytes.length),
    calls: callsOf(bytes, address, about.symbols),
  }));
}

/** Those of the start of something: other bytes that look like a call hit none. */
function callsOf(bytes: Uint8Array, start: bigint, symbols: ProgramSymbols): MachineFunction['calls'] {
  return callsIn(bytes, start).flatMap(({ offset, size, target }) => {
    const name = symbols.at(target);
    return name === undefined ? [] : [{ offset, size, name }];
  });
}

type Lines = readonly (readonly [address: bigint, place: SourcePlace])[];

/** There is an address for each line record, in the same order (bpf_prog_fill_jited_linfo() in kernel/bpf/core.c). */
function linesByAddress(record: KernelRecord, { lines }: About): Lines {
  return addressesIn(record, 'machineLines').flatMap((address, at) => {
    const [, place] = lines[at] ?? [];
    return place === undefined ? [] : [[address, place] as const];
  });
}

function linesOf(lines: Lines, start: bigint, length: number): MachineFunction['lines'] {
  return lines
    .filter(([address]) => address >= start && address < start + BigInt(length))
    .map(([address, source]) => ({ offset: Number(address - start), source }));
}

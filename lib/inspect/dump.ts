/** A loaded program's instructions and machine code, with names, source lines and symbols. */

import { decodeInsns, type Insn, insnText } from '../asm/index.js';
import { littleEndian } from '../btf/byte-order.js';
import { type Flow, run } from '../native/flow.js';
import type { KernelRecord } from '../native/kernel-record.js';
import { native } from '../native/native.js';
import { programOpening } from '../native/openings.js';
import { type KernelPlace, openAt, operationOf } from '../native/place.js';
import { FunctionNames } from '../program/function-names.js';
import { type ProgramInfo, programInfoOf } from '../program/info.js';
import { addressesIn, bytesIn, recordOf } from '../program/record.js';
import { calledBy, type MachineFunction, machineFunctions } from './machine-code.js';
import { mapNames } from './map-names.js';
import { functionsIn, linesIn, type SourceFunction, type SourcePlace } from './program-source.js';
import { ProgramSymbols } from './program-symbols.js';

/** One instruction, as the verifier left it. */
export interface DumpedInsn {
  readonly insn: Insn;
  /** As bpftool writes it behind the opcode: `r2 = map[id:7][0]+8`, `call bpf_ktime_get_ns#93456`. */
  readonly text: string;
  /** The function that begins here. */
  readonly function?: SourceFunction;
  /** The source line that begins here. */
  readonly source?: SourcePlace;
  /** The map that it is about. */
  readonly map?: { readonly id: number; readonly name: string };
  /** What of the kernel, a map or a helper, its address is of. */
  readonly symbol?: string;
}

/** What `dumpProgram()` answers. */
export interface ProgramDump {
  readonly info: ProgramInfo;
  /** Instructions as loaded; empty where they are hidden. */
  readonly xlated: readonly DumpedInsn[];
  /** Machine code, function by function; empty where the program is interpreted, or its code hidden. */
  readonly jited: readonly MachineFunction[];
  /** What is hidden from this process and why, a sentence each (bpf_prog_get_info_by_fd() in kernel/bpf/syscall.c). */
  readonly hidden: readonly string[];
}

/**
 * Reads a program back from the kernel: its instructions as the verifier left them, with the names of helpers, kernel
 * functions, subprograms and maps and the C source where the program brought it, and its machine code.
 *
 * @throws BpfError `ENOENT` where there is no such program; `EPERM` by id without CAP_SYS_ADMIN
 * (bpf_prog_get_fd_by_id() in kernel/bpf/syscall.c)
 * @since Linux 4.13; source lines 5.0
 * @example
 * ```ts
 * const { xlated, jited } = await dumpProgram(bpf.programs.on_exec);
 * for (const { insn, text, source } of xlated) console.log(source?.text ?? '', insn.index, text);
 * for (const { name, address, code } of jited) console.log(name, address, code.length);
 * ```
 */
export async function dumpProgram(place: KernelPlace): Promise<ProgramDump> {
  const record = await run(recordAt(place));
  const names = new FunctionNames();
  const info = programInfoOf(record, await run(names.of(record)));
  const btf = await run(names.types(info.btfId));
  const insns = decodeInsns(bytesIn(record, 'instructions') ?? new Uint8Array(0), littleEndian);
  const symbols = await ProgramSymbols.of(insns, addressesIn(record, 'symbols'), calledBy(record));
  const [functions, lines] = [functionsIn(record, btf), linesIn(record, btf)];
  const moved = areMoved(functions, new Map(lines));
  const about = { functions, lines: new Map(moved ? [] : lines), maps: await mapNames(info.mapIds), symbols };
  const jited = machineFunctions(record, { functions: [...functions.values()], lines, symbols });
  return {
    info,
    xlated: insns.map(insn => dumped(insn, about)),
    jited,
    hidden: [
      ...hiddenInsns(insns),
      ...hiddenCode(info, jited),
      ...hiddenNames(symbols),
      ...(moved ? [hiddenLines] : []),
    ],
  };
}

function* recordAt(place: KernelPlace): Flow<KernelRecord> {
  const handle = yield* openAt(place, programOpening);
  try {
    return yield* recordOf(native().programFd(handle), operationOf(place, 'program'), [
      ...(['mapIds', 'functions', 'instructions', 'lines'] as const),
      ...(['symbols', 'functionLengths', 'machineCode', 'machineLines'] as const),
    ]);
  } finally {
    yield* programOpening.close(handle);
  }
}

/**
 * Each function begins with a line record, or its program would not have loaded (check_btf_line() in
 * kernel/bpf/check_btf.c).
 */
function areMoved(functions: ReadonlyMap<number, unknown>, lines: ReadonlyMap<number, unknown>): boolean {
  return lines.size > 0 && [...functions.keys()].some(start => !lines.has(start));
}

/** With blinding (bpf_jit_blind_constants() in kernel/bpf/core.c) old kernels move the line records of functions. */
const hiddenLines =
  'source lines of instructions: net.core.bpf_jit_harden has this kernel keep those of other instructions';

interface About {
  readonly functions: ReadonlyMap<number, SourceFunction>;
  readonly lines: ReadonlyMap<number, SourcePlace>;
  readonly maps: ReadonlyMap<number, string>;
  readonly symbols: ProgramSymbols;
}

function dumped(insn: Insn, { functions, lines, maps, symbols }: About): DumpedInsn {
  const [found, source, symbol] = [functions.get(insn.index), lines.get(insn.index), symbols.symbolOf(insn)];
  const isMap = insn.kind === 'map' || insn.kind === 'map_value';
  return {
    insn,
    text: insnText(insn, symbols.insnNames),
    ...(found && { function: found }),
    ...(source && { source }),
    ...(isMap && { map: { id: insn.imm, name: maps.get(insn.imm) ?? '' } }),
    ...(symbol !== undefined && { symbol }),
  };
}

function hiddenInsns(insns: readonly Insn[]): string[] {
  if (insns.length > 0) return [];
  return [
    `instructions: they take CAP_PERFMON; where net.core.bpf_jit_harden has blinded their constants, ${addressesTake}`,
  ];
}

function hiddenCode({ jitedSize }: ProgramInfo, jited: readonly MachineFunction[]): string[] {
  if (jited.length > 0) return [];
  if (jitedSize === 0) return ['machine code: it is interpreted, or this process lacks CAP_PERFMON'];
  return [`machine code: ${addressesTake}`];
}

function hiddenNames(symbols: ProgramSymbols): string[] {
  return symbols.known ? [] : [`names of kernel functions: ${addressesTake}`];
}

const addressesTake =
  'kernel addresses take CAP_SYSLOG and a kernel.kptr_restrict below 2, or 0 of that and a kernel.perf_event_paranoid of at most 1';

/** What was found for an address, as a frame. */
import type { StackFrame } from '../index.js';
import { demangle } from './demangle.js';
import type { FoundSymbol } from './found-symbol.js';
import type { Frame } from './frame.js';
import { parseJavaScriptName } from './javascript-name.js';
import type { ProcessPlace, ProcessSymbols } from './process-symbols.js';

/** An address of which nothing is known. */
export function unknownFrame(address: bigint): Frame {
  return { address, kind: 'unknown', name: undefined, module: undefined };
}

/** `bpf_prog_`, the program's tag, and its name (kernel/bpf/core.c: bpf_get_prog_name()). */
const bpfProgram = /^bpf_prog_[0-9a-f]{16}_(.+)$/;

/** A frame of the kernel, where `found` is from its own list. */
export function kernelFrame(address: bigint, found: FoundSymbol | undefined): Frame {
  if (!found) return unknownFrame(address);
  const { name, module, offset } = found;
  if (module !== '[bpf]') return { address, kind: 'kernel', name, offset, module };
  const [, short = name] = bpfProgram.exec(name) ?? [];
  return { address, kind: 'bpf', ...names(name, short), offset, module };
}

/** A frame of a process. */
export async function processFrame(
  process: ProcessSymbols,
  address: bigint,
  place: ProcessPlace,
): Promise<Frame> {
  const { mapping, symbol, jit } = place;
  if (jit) return jitFrame(process, address, jit);
  const isFile = mapping.inode !== '0' || mapping.path === '[vdso]';
  if (!isFile && !mapping.path.startsWith('['))
    return { ...unknownFrame(address), module: mapping.path || '[anon]' };
  const moduleOffset = address - mapping.start + mapping.offset;
  const module = mapping.isDeleted ? `${mapping.path} (deleted)` : mapping.path;
  if (!symbol) return { address, kind: isFile ? 'native' : 'unknown', name: undefined, module, moduleOffset };
  return { address, kind: 'native', ...named(symbol), module, moduleOffset };
}

async function jitFrame(
  process: ProcessSymbols,
  address: bigint,
  jit: { text: string; offset: number },
): Promise<Frame> {
  const frame = { address, kind: 'jit', offset: jit.offset, module: '[jit]' } as const;
  const script = parseJavaScriptName(jit.text);
  if (!script) return { ...frame, name: jit.text };
  const source = script.source && (await process.sourceMaps.original(script.source));
  return { ...frame, name: script.name, symbol: jit.text, tier: script.tier, source };
}

/** A frame that the kernel gave as a place in a file. */
export function buildIdFrame(
  place: Extract<StackFrame, { buildId: string }>,
  found: FoundSymbol | undefined,
): Frame {
  const { buildId, offset } = place;
  const rest = {
    address: 0n,
    kind: 'native',
    module: `build id ${buildId}`,
    moduleOffset: BigInt(offset),
  } as const;
  return found ? { ...rest, ...named(found) } : { ...rest, name: undefined };
}

function named({ name, offset }: FoundSymbol) {
  return { ...names(name, demangle(name.replace(version, ''))), offset };
}

/** Of a library's function, which debug files have in its name: `clock_gettime@@GLIBC_2.17`. */
const version = /@@?[\w.]+$/;

/** The table's own name is told where it is another. */
function names(symbol: string, name: string) {
  return name === symbol ? { name } : { name, symbol };
}

/** What a process allocates and does not free, by probes at the functions of its C library. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AssembledProgram } from '../doors/asm.js';
import { BpfError } from '../errors/bpf-error.js';
import {
  assembled,
  type LoadedObject,
  type Program,
  type UprobeMultiOptions,
  type UprobeOptions,
} from '../index.js';
import { type AllocationMaps, createAllocationMaps } from './allocation-maps.js';
import {
  allocators,
  callProgram,
  freeProgram,
  isArchitectureKnown,
  returnProgram,
} from './allocation-programs.js';
import type { Measurement } from './measurement.js';
import type { StackSums } from './stack-sums.js';

const operation = 'profile allocations';

/** Files that bring `malloc()`: the C libraries, and what is linked or preloaded in their place. */
const libraries = /^(?:libc[.-]|ld-musl-|libjemalloc|libtcmalloc|libmimalloc|libsnmalloc|librpmalloc)/;

/**
 * How probes are attached, the better first: links of many places (since Linux 6.6) are taken off in a moment, each
 * perf event takes a tenth of a second.
 */
const ways = [
  { call: 'uprobe.multi', end: 'uretprobe.multi', place: (name: string) => ({ functions: [name] }) },
  { call: 'uprobe', end: 'uretprobe', place: (name: string) => ({ function: name }) },
] as const;
type Way = (typeof ways)[number];

/** Attaches to all of them. @throws BpfError where the process has none, or probes cannot be attached. */
export async function measureAllocations(pid: number, sums: StackSums): Promise<Measurement> {
  if (!isArchitectureKnown) throw unsupported(`the registers of ${process.arch} are not known here`);
  const files = await allocatorFiles(pid);
  const known = await createAllocationMaps();
  const maps = [known.live, known.calls];
  try {
    const [many, one] = ways;
    const probes = (way: Way) => attachProbes(way, pid, files, programs(way, sums, known));
    const bpf = await probes(many).catch(() => probes(one));
    if (bpf) return { bpf, maps };
    throw unsupported(`process ${pid} has no file with the function malloc`);
  } catch (error) {
    for (const each of maps) await each.close();
    throw error;
  }
}

/** `free` and `returned`, and one for each function that allocates. */
function programs(
  { call, end }: Way,
  sums: StackSums,
  maps: AllocationMaps,
): Record<string, AssembledProgram> {
  return {
    free: { section: call, insns: freeProgram(sums, maps) },
    returned: { section: end, insns: returnProgram(sums, maps) },
    ...Object.fromEntries(
      allocators.map(each => [each.name, { section: call, insns: callProgram(each, maps) }]),
    ),
  };
}

/** Undefined where no file has such functions. */
async function attachProbes(
  way: Way,
  pid: number,
  files: readonly string[],
  parts: Record<string, AssembledProgram>,
): Promise<LoadedObject | undefined> {
  const bpf = await assembled('allocations', parts).load();
  try {
    let isAttached = false;
    for (const file of files) isAttached = (await attachTo(bpf, way, pid, file)) || isAttached;
    if (isAttached) return bpf;
  } catch (error) {
    await bpf.close();
    throw error;
  }
  await bpf.close();
  return undefined;
}

/** The executable, and libraries that it has mapped, as paths that lead there from here. */
async function allocatorFiles(pid: number): Promise<string[]> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8').catch(error => {
    throw new BpfError({ code: error.code, operation, reason: `of process ${pid}`, cause: error });
  });
  const paths = [...maps.matchAll(/^\S+ ..x. .* (\/\S.*)$/gm)].map(([, path = '']) => path);
  const mapped = [...new Set(paths)].filter(path => libraries.test(basename(path)));
  return [`/proc/${pid}/exe`, ...mapped.map(path => `/proc/${pid}/root${path}`)];
}

/** Attaches to the functions that a file has; false where it has none. */
async function attachTo(
  { programs }: LoadedObject,
  { place }: Way,
  pid: number,
  binary: string,
): Promise<boolean> {
  const attach = (program: string, name: string) =>
    attachIfThere(programs[program], { ...place(name), binary, pid });
  let found = false;
  // The end first: a call is remembered only where its end is seen.
  for (const { name } of allocators)
    found = ((await attach('returned', name)) && (await attach(name, name))) || found;
  return found && attach('free', 'free');
}

/** False where the file has no such function. */
async function attachIfThere(
  program: Program | undefined,
  place: UprobeOptions | UprobeMultiOptions,
): Promise<boolean> {
  try {
    await program?.attach(place);
    return true;
  } catch (error) {
    if (error instanceof BpfError && error.code === 'ENOENT') return false;
    throw error;
  }
}

function unsupported(reason: string): BpfError {
  return new BpfError({ code: 'EOPNOTSUPP', operation, reason });
}

/** The BPF side of a profile: what each CPU does, so many times a second, with the stacks of the kernel and the process. */
import { asm, type Insn } from '../doors/asm.js';
import { bytes, map, u32, u64 } from '../doors/codec.js';
import {
  assembled,
  type CgroupArray,
  createMap,
  type LoadedObject,
  type PerCpuArray,
  type RingBuffer,
} from '../index.js';
import { largestSample, parseSample, type Sample, stackBytes } from './sample.js';

/** Whose work is looked at: a process's, a cgroup's by its folder and of those below it, or all. */
export type ProfileTarget = { readonly pid: number } | { readonly cgroup: string } | { readonly all: true };

/** Samples wait here until they are read. */
const ringBytes = 8 * 2 ** 20;

/** A running sampler. */
export class Sampler {
  readonly #maps: SamplerMaps;
  readonly #bpf: LoadedObject;

  private constructor(maps: SamplerMaps, bpf: LoadedObject) {
    this.#maps = maps;
    this.#bpf = bpf;
  }

  /** Starts sampling on all CPUs. @throws BpfError where programs cannot be loaded or perf events not be opened. */
  static async start(target: ProfileTarget, frequency: number): Promise<Sampler> {
    const maps = await createMaps();
    try {
      if ('cgroup' in target) maps.cgroups.set(0, target.cgroup);
      const programs = { sample: { section: 'perf_event', insns: samplingProgram(target, maps) } } as const;
      const bpf = await assembled('profile', programs).load();
      const sampler = new Sampler(maps, bpf);
      await bpf.programs.sample.attach({ event: 'cpu-clock', frequency }).catch(error => sampler.fail(error));
      return sampler;
    } catch (error) {
      await closeMaps(maps);
      throw error;
    }
  }

  /** What came since the last look. */
  take(): Sample[] {
    return this.#maps.ring.drain().map(parseSample);
  }

  /** How many samples found no room. */
  get lost(): number {
    return Number((this.#maps.lost.get(0) ?? []).reduce((sum, each) => sum + each, 0n));
  }

  /** No more samples are made; those that wait can be taken. */
  async stop(): Promise<void> {
    await this.#bpf.close();
  }

  async close(): Promise<void> {
    await this.#bpf.close();
    await closeMaps(this.#maps);
  }

  /** @internal */
  async fail(error: unknown): Promise<never> {
    await this.#bpf.close();
    throw error;
  }
}

interface SamplerMaps {
  readonly ring: RingBuffer<Uint8Array>;
  /** One sample for each CPU, in which it is put together. */
  readonly scratch: PerCpuArray<number, Uint8Array>;
  readonly lost: PerCpuArray<number, bigint>;
  readonly cgroups: CgroupArray;
}

/** All of them, or none. */
async function createMaps(): Promise<SamplerMaps> {
  const one = { maxEntries: 1 };
  const made: Partial<{ -readonly [Name in keyof SamplerMaps]: SamplerMaps[Name] }> = {};
  try {
    made.ring = await createMap(map('ringbuf', undefined, bytes()), { maxEntries: ringBytes });
    made.scratch = await createMap(map('percpu_array', u32, bytes(largestSample)), one);
    made.lost = await createMap(map('percpu_array', u32, u64), one);
    made.cgroups = await createMap(map('cgroup_array'), one);
    return made as SamplerMaps;
  } catch (error) {
    await closeMaps(made);
    throw error;
  }
}

async function closeMaps(maps: Partial<SamplerMaps>): Promise<void> {
  for (const each of Object.values(maps)) await each.close();
}

/** `BPF_F_USER_STACK`. */
const userStack = 256;
/** Of a stack's length in bytes, what is kept of it for the verifier to see its bounds. */
const lengthMask = 0x3f8;

/** Leaves where the work is not the target's; else a sample goes to the ring, as `parseSample()` reads it. */
function samplingProgram(target: ProfileTarget, { ring, scratch, lost, cgroups }: SamplerMaps): Insn[] {
  const pid = 'pid' in target ? target.pid : -1;
  const isCgroup = Number('cgroup' in target);
  return asm`
    r6 = r1
    call bpf_get_current_pid_tgid
    r7 = r0
    r1 = r0
    r1 >>= 32
    if r1 == 0 goto out // a CPU that has nothing to do
    r2 = ${pid}
    if r2 s< 0 goto cgroup
    if r1 != r2 goto out
  cgroup:
    r2 = ${isCgroup}
    if r2 == 0 goto wanted
    r1 = ${cgroups}
    r2 = 0
    call bpf_current_task_under_cgroup
    if r0 != 1 goto out
  wanted:
    *(u32 *)(r10 -4) = 0
    r1 = ${scratch}
    r2 = r10
    r2 += -4
    call bpf_map_lookup_elem
    if r0 == 0 goto out
    r8 = r0
    *(u64 *)(r8 +0) = r7
    r1 = r8
    r1 += 16
    r2 = 16
    call bpf_get_current_comm
    r1 = r6
    r2 = r8
    r2 += 32
    r3 = ${stackBytes}
    r4 = 0
    call bpf_get_stack
    if r0 s> 0 goto kernel
    r0 = 0
  kernel:
    r9 = r0
    r9 &= ${lengthMask}
    *(u32 *)(r8 +8) = r9
    r1 = r6
    r2 = r8
    r2 += r9
    r2 += 32
    r3 = ${stackBytes}
    r4 = ${userStack}
    call bpf_get_stack
    if r0 s> 0 goto user
    r0 = 0
  user:
    r0 &= ${lengthMask}
    *(u32 *)(r8 +12) = r0
    r3 = r0
    r3 += r9
    r3 += 32
    r1 = ${ring}
    r2 = r8
    r4 = 0
    call bpf_ringbuf_output
    if r0 == 0 goto out
    *(u32 *)(r10 -4) = 0
    r1 = ${lost}
    r2 = r10
    r2 += -4
    call bpf_map_lookup_elem
    if r0 == 0 goto out
    r1 = *(u64 *)(r0 +0)
    r1 += 1
    *(u64 *)(r0 +0) = r1
  out:
    r0 = 0
    exit`;
}

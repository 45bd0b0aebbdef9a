/** Cgroups that come into being, told by the kernel: many containers live shorter than it takes to look for them. */
import { readFile } from 'node:fs/promises';
import { asm, type Insn } from '../doors/asm.js';
import { bytes, map, u32, u64 } from '../doors/codec.js';
import {
  assembled,
  type Closable,
  createMap,
  type LoadedObject,
  type PerCpuArray,
  type RingBuffer,
} from '../index.js';
import type { Hierarchy } from './hierarchy.js';

/** One that was made. */
export interface CgroupBirth {
  readonly id: bigint;
  readonly path: string;
}

/** Where a record has its members, in bytes: as many of the path as the kernel writes (TRACE_CGROUP_PATH_LEN in kernel/cgroup/cgroup-internal.h). */
const record = { id: 0, path: 8, pathBytes: 1024 } as const;
const recordBytes = record.path + record.pathBytes;
/** Of paths of 200 bytes, some 5,000. */
const ringBytes = 2 ** 20;
/** The verifier compares so much of a path with what is asked for; the rest of a longer one is compared here. */
const comparedBytes = 128;

/** Follows them until it is closed. */
export class CgroupBirths {
  readonly #ring: RingBuffer<Uint8Array>;
  readonly #lost: PerCpuArray<number, bigint>;
  readonly #parts: readonly Closable[];

  private constructor(
    ring: RingBuffer<Uint8Array>,
    lost: PerCpuArray<number, bigint>,
    parts: readonly Closable[],
  ) {
    this.#ring = ring;
    this.#lost = lost;
    this.#parts = parts;
  }

  /** @param below - only those whose path begins so @throws BpfError where the tracepoint cannot be attached to */
  static async follow(hierarchy: Hierarchy, below: string): Promise<CgroupBirths> {
    const parts: Closable[] = [];
    const add = <T extends Closable>(part: T): T => {
      parts.unshift(part);
      return part;
    };
    try {
      const ring = add(await createMap(map('ringbuf', undefined, bytes()), { maxEntries: ringBytes }));
      const scratch = add(await createMap(map('percpu_array', u32, bytes(recordBytes)), { maxEntries: 1 }));
      const lost = add(await createMap(map('percpu_array', u32, u64), { maxEntries: 1 }));
      const insns = birthProgram({ ring, scratch, lost }, hierarchy, below, await readFields());
      const programs = { made: { section: 'tracepoint/cgroup/cgroup_mkdir', insns } } as const;
      const bpf: LoadedObject = add(await assembled('cgroups', programs).load());
      await bpf.attach();
      return new CgroupBirths(ring, lost, parts);
    } catch (error) {
      for (const part of parts) await part.close();
      throw error;
    }
  }

  /** Those that were made since the last look. */
  take(): CgroupBirth[] {
    return this.#ring.drain().map(bytes => {
      const { buffer, byteOffset, length } = bytes;
      const id = new DataView(buffer, byteOffset, length).getBigUint64(record.id, true);
      const text = Buffer.from(bytes.subarray(record.path)).toString();
      const end = text.indexOf('\0');
      return { id, path: end < 0 ? text : text.slice(0, end) };
    });
  }

  /** How many found no room. */
  get lost(): number {
    return Number((this.#lost.get(0) ?? []).reduce((sum, each) => sum + each, 0n));
  }

  async close(): Promise<void> {
    for (const part of this.#parts) await part.close();
  }

  closeSync(): void {
    for (const part of this.#parts) part.closeSync();
  }
}

interface Fields {
  readonly root: number;
  readonly id: number;
  readonly path: number;
}

/** Where a record of `cgroup_mkdir` has its fields: they were put into another order more than once. */
async function readFields(): Promise<Fields> {
  const event = 'tracing/events/cgroup/cgroup_mkdir/format';
  const format = await readFile(`/sys/kernel/${event}`, 'utf8')
    .catch(() => readFile(`/sys/kernel/debug/${event}`, 'utf8'))
    .catch(() => '');
  const offset = (name: string, usual: number) =>
    Number(new RegExp(` ${name};\\s*offset:(\\d+);`).exec(format)?.[1] ?? usual);
  return { root: offset('root', 8), id: offset('id', 16), path: offset('path', 24) };
}

interface Maps {
  readonly ring: RingBuffer<Uint8Array>;
  readonly scratch: PerCpuArray<number, Uint8Array>;
  readonly lost: PerCpuArray<number, bigint>;
}

function birthProgram(
  { ring, scratch, lost }: Maps,
  hierarchy: Hierarchy,
  below: string,
  at: Fields,
): Insn[] {
  return asm`
    r6 = r1
    r1 = *(u32 *)(r6 +${at.root})
    if r1 != ${hierarchy.number} goto out
    *(u32 *)(r10 -4) = 0
    r1 = ${scratch}
    r2 = r10
    r2 += -4
    call bpf_map_lookup_elem
    if r0 == 0 goto out
    r7 = r0
    r1 = *(u64 *)(r6 +${at.id})
    *(u64 *)(r7 +${record.id}) = r1
    r3 = *(u32 *)(r6 +${at.path})
    r3 &= 0xffff // the low half of __data_loc is where the text begins
    r3 += r6
    r1 = r7
    r1 += ${record.path}
    r2 = ${record.pathBytes}
    call bpf_probe_read_kernel_str
    if r0 s<= 0 goto out
    r8 = r0
    ${leaveUnlessBelow(below)}
    r3 = r8
    r3 &= ${2 * record.pathBytes - 1}
    if r3 > ${record.pathBytes} goto out
    r3 += ${record.path}
    r1 = ${ring}
    r2 = r7
    r4 = 0
    call bpf_ringbuf_output
    if r0 == 0 goto out
    *(u32 *)(r10 -4) = 0
    r1 = ${lost}
    r2 = r10
    r2 += -4
    call bpf_map_lookup_elem
    if r0 == 0 goto out
    r1 = 1
    lock *(u64 *)(r0 +0) += r1
  out:
    r0 = 0
    exit`;
}

/** Word by word, the last one masked. */
function leaveUnlessBelow(below: string): string {
  const wanted = Buffer.from(below).subarray(0, comparedBytes);
  const words = Array.from({ length: Math.ceil(wanted.length / 8) }, (_, index) => {
    const part = wanted.subarray(index * 8, index * 8 + 8);
    const [mask, word] = [Buffer.alloc(8).fill(0xff, 0, part.length), Buffer.alloc(8)];
    word.set(part);
    return `
    r1 = *(u64 *)(r7 +${record.path + index * 8})
    r2 = 0x${mask.readBigUInt64LE().toString(16)} ll
    r1 &= r2
    r2 = 0x${word.readBigUInt64LE().toString(16)} ll
    if r1 != r2 goto out`;
  });
  return words.join('\n');
}

/** What is known of allocations: those that are not freed, and calls that have not returned. */
import { map, struct, u64 } from '../doors/codec.js';
import { type BpfMap, createMap } from '../index.js';

/** An allocation that was not freed. */
interface Allocation {
  readonly size: bigint;
  /** Of the stack that asked for it. */
  readonly id: bigint;
}

/** A call that has not returned. */
interface Call {
  /** In bytes. */
  readonly size: bigint;
  /** Where the address is written to, of `posix_memalign()`; 0: it is returned. */
  readonly out: bigint;
  /** What it takes in exchange: an address, and what was known of it. */
  readonly old: bigint;
  readonly oldSize: bigint;
  readonly oldId: bigint;
}

export const allocationAt = { size: 0, id: 8 } as const;
export const callAt = { size: 0, out: 8, old: 16, oldSize: 24, oldId: 32 } as const;
const allocation = struct<Allocation>('struct allocation', 16, {
  size: [allocationAt.size, u64],
  id: [allocationAt.id, u64],
});
const call = struct<Call>('struct call', 40, {
  size: [callAt.size, u64],
  out: [callAt.out, u64],
  old: [callAt.old, u64],
  oldSize: [callAt.oldSize, u64],
  oldId: [callAt.oldId, u64],
});

/** What the programs of a profile of allocations remember. */
export interface AllocationMaps {
  /** By address. */
  readonly live: BpfMap<bigint, Allocation>;
  /** By what bpf_get_current_pid_tgid() gives. */
  readonly calls: BpfMap<bigint, Call>;
}

/** Elements are made as they are needed: few programs have as many allocations at once. */
const mostLive = 2 ** 22;
const mostCalls = 2 ** 14;

export async function createAllocationMaps(): Promise<AllocationMaps> {
  const live = await createMap(map('hash', u64, allocation), {
    maxEntries: mostLive,
    flags: ['no_prealloc'],
  });
  try {
    return { live, calls: await createMap(map('hash', u64, call), { maxEntries: mostCalls }) };
  } catch (error) {
    await live.close();
    throw error;
  }
}

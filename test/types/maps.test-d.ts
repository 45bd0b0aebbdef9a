/** What must not compile: methods that a kind of map does not have, keys and owners of another kind. */
import type {
  ArrayMap,
  BpfMap,
  LiveMap,
  LpmTrie,
  MapOfMaps,
  OpenMap,
  PerCpuArray,
  PerCpuMap,
  ProgArray,
  QueueMap,
  StackTraceMap,
  StorageMap,
} from 'libbpf-ts';
import { createMap, openMap } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { describe, expectTypeOf, it } from 'vitest';
import type { maps } from '../bpf/maps.bpf.js';

type Maps = (typeof maps)['description']['maps'];
declare const live: { readonly [Name in keyof Maps]: LiveMap<Maps[Name]> };
declare const array: ArrayMap<number, bigint>;
declare const perCpu: PerCpuMap<number, bigint, 'percpu_hash'>;
declare const perCpuArray: PerCpuArray<number, bigint>;
declare const queue: QueueMap<bigint>;
declare const trie: LpmTrie<bigint>;
declare const ofTasks: StorageMap<bigint, 'task_storage'>;
declare const ofSockets: StorageMap<bigint, 'sk_storage'>;
declare const opened: OpenMap<'hash'>;

describe('kinds', () => {
  it('have the classes of their rows, with types from the object', () => {
    expectTypeOf(live.jumps).toEqualTypeOf<ProgArray<'prog_array'>>();
    expectTypeOf(live.stacks).toEqualTypeOf<StackTraceMap<'stack_trace'>>();
    expectTypeOf(live.jobs).toEqualTypeOf<QueueMap<bigint, 'queue'>>();
    expectTypeOf(live.routes).toEqualTypeOf<LpmTrie<bigint, 'lpm_trie'>>();
    expectTypeOf(live.tenants).toEqualTypeOf<
      MapOfMaps<number, BpfMap<number, bigint, 'hash'>, 'hash_of_maps'>
    >();
    expectTypeOf(live.tenants.getSync(7)).toEqualTypeOf<BpfMap<number, bigint, 'hash'> | undefined>();
  });

  it('have no methods that are not true of them', () => {
    // @ts-expect-error entries of an array stay
    array.delete(1);
    // @ts-expect-error nor can they be taken
    array.take(1);
    // @ts-expect-error the same for each CPU
    perCpuArray.delete(1);
    // @ts-expect-error a queue has no keys
    queue.get(1);
    // @ts-expect-error nor is it walked
    queue.entries();
    // @ts-expect-error a trie matches, it does not get
    trie.get('10.0.0.0/8');
    // @ts-expect-error a prefix is text
    trie.set(10, 1n);
    live.jumps.set(0, '/sys/fs/bpf/first');
    // @ts-expect-error programs are put in by place, and not by a bare number
    live.jumps.set(0, 3);
    // @ts-expect-error the kernel alone writes stacks
    live.stacks.set(1, []);
    // @ts-expect-error one value for each CPU
    perCpu.set(1, 1n);
    perCpu.setCpu(1, 0, 1n);
    // @ts-expect-error a process, not a path
    ofTasks.get('/tmp');
    ofTasks.get(1);
    // @ts-expect-error a socket, not a path
    ofSockets.get('/tmp');
  });

  it('change before load to kinds of the same class only', () => {
    opened.setKind('lru_hash');
    // @ts-expect-error an array is another class
    opened.setKind('array');
    // @ts-expect-error there is no such flag
    opened.flags = ['fast'];
  });

  it('are made and opened with the types of their description', () => {
    expectTypeOf(createMap(map('lru_hash', u32, u64))).resolves.toEqualTypeOf<
      BpfMap<number, bigint, 'lru_hash'>
    >();
    expectTypeOf(openMap('/x', map('array', u32, u64))).resolves.toEqualTypeOf<
      ArrayMap<number, bigint, 'array'>
    >();
    // @ts-expect-error a map is opened by path, id or descriptor
    openMap(7);
  });
});

/** A recipe for each row of the table of kinds. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { expect } from 'vitest';
import { dumped, longs, lookedUp, words } from './map-oracle.js';
import {
  around,
  array,
  code,
  devices,
  four,
  hash,
  type Made,
  maps,
  perCpuHash,
  queue,
  type Recipe,
  recipe,
  storageKey,
  trie,
} from './map-recipe.js';

const pageSize = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));

export const recipes: Readonly<Record<Made, () => Recipe>> = {
  hash: () => hash('hash'),
  lru_hash: () => hash('lru_hash'),
  array: () => array('array'),
  percpu_hash: () => perCpuHash('percpu_hash'),
  lru_percpu_hash: () => perCpuHash('lru_percpu_hash'),
  percpu_array: () =>
    recipe(map('percpu_array', u32, u32), four, (hits, id) => {
      const values = Array.from({ length: hits.cpus }, (_, cpu) => 100 + cpu);
      hits.set(2, values);
      expect(dumped(id)[2]).toEqual([words(2), ...values.map(value => words(value))]);
      expect([hits.size, hits.getCpu(2, 0), hits.setAll(2, 1).get(2)]).toEqual([4, 100, values.map(() => 1)]);
      expect('delete' in hits).toBe(false);
    }),
  lpm_trie: trie,
  queue: () => queue('queue', [1n, 2n, 3n, 4n]),
  stack: () => queue('stack', [4n, 3n, 2n, 1n]),
  bloom_filter: () =>
    recipe(map('bloom_filter', undefined, u64), { ...four, extra: 3n }, known => {
      known.add(7n);
      expect(known.mayHave(7n)).toBe(true);
      const mistaken = Array.from({ length: 100 }, (_, n) => known.mayHave(BigInt(n) + 1000n)).filter(
        Boolean,
      );
      expect(mistaken.length).toBeLessThan(50);
      expect('delete' in known).toBe(false);
    }),
  stack_trace: () =>
    recipe(map('stack_trace'), four, stacks => {
      expect([stacks.get(0), stacks.delete(0), [...stacks]]).toEqual([undefined, false, []]);
    }),
  prog_array: () =>
    recipe(map('prog_array'), four, jumps => {
      expect([jumps.get(0), jumps.delete(0), [...jumps], jumps.size]).toEqual([undefined, false, [], 4]);
      expect(() => jumps.set(0, { fd: 0 })).toThrow(code('EINVAL'));
      expect(() => jumps.set(0, {} as never)).toThrow(/give a path, { id } or { fd }/);
    }),
  perf_event_array: () =>
    recipe(map('perf_event_array'), four, events => {
      expect(events.delete(0)).toBe(false);
      expect(() => events.set(0, { fd: 0 })).toThrow(/update map perf_event_array: EBADF|EINVAL/);
    }),
  cgroup_array: () =>
    recipe(map('cgroup_array'), four, groups => {
      expect([groups.delete(1), groups.set(1, around.cgroup.path).delete(1), groups.delete(1)]).toEqual([
        false,
        true,
        false,
      ]);
      expect(() => groups.set(0, '/proc')).toThrow(/EBADF.*cgroup v2/);
      expect(() => groups.set(0, '/no/such/group')).toThrow(code('ENOENT'));
    }),
  array_of_maps: () => maps('array_of_maps'),
  hash_of_maps: () => maps('hash_of_maps'),
  devmap: () => devices('devmap'),
  devmap_hash: () => devices('devmap_hash'),
  cpumap: () =>
    recipe(map('cpumap'), { maxEntries: 1 }, (cpus, id) => {
      cpus.set(0, 128);
      expect([cpus.get(0), lookedUp(id, words(0))]).toEqual([
        { queueSize: 128, programId: 0 },
        words(128, 0),
      ]);
      expect(() => cpus.set(0, 100_000)).toThrow(code('EOVERFLOW'));
      expect([cpus.delete(0), cpus.get(0)]).toEqual([true, undefined]);
    }),
  xskmap: () =>
    recipe(map('xskmap'), four, sockets => {
      expect(() => sockets.set(0, { fd: sockets.fd })).toThrow(code('ENOTSOCK'));
      expect(sockets.size).toBe(4);
    }),
  sockmap: () =>
    recipe(map('sockmap'), four, (sockets, id) => {
      sockets.set(1, around.client);
      expect([...sockets].map(([index, cookie]) => [words(index), longs(cookie)])).toEqual(
        dumped(id).filter(([, value]) => value?.some(Boolean)),
      );
      expect(sockets.get(1)).toBeTypeOf('bigint');
      expect(() => sockets.set(0, { fd: sockets.fd })).toThrow(code('ENOTSOCK'));
      expect([sockets.delete(1), sockets.get(1)]).toEqual([true, undefined]);
    }),
  sockhash: () =>
    recipe(map('sockhash', u64), { ...four }, (sockets, id) => {
      sockets.set(77n, around.client, 'noexist');
      expect(() => sockets.set(77n, around.client, 'noexist')).toThrow(code('EEXIST'));
      expect(lookedUp(id, longs(77n))).toEqual(longs(sockets.get(77n) ?? 0n));
      expect([[...sockets.keys()], sockets.delete(77n), sockets.delete(77n)]).toEqual([[77n], true, false]);
    }),
  reuseport_sockarray: () =>
    recipe(map('reuseport_sockarray'), four, sockets => {
      expect(() => sockets.set(0, around.client)).toThrow(/update map reuseport_sockarray: /);
      expect([sockets.get(0), sockets.delete(0)]).toEqual([undefined, false]);
    }),
  cgroup_storage: () =>
    recipe(map('cgroup_storage', storageKey, u64), {}, kept => expect([...kept]).toEqual([])),
  percpu_cgroup_storage: () =>
    recipe(map('percpu_cgroup_storage', storageKey, u32), {}, kept => expect([...kept.keys()]).toEqual([])),
  sk_storage: () =>
    recipe(map('sk_storage', undefined, u64), {}, kept => {
      kept.set(around.client, 5n);
      expect([
        kept.get(around.client),
        kept.has(around.server),
        kept.delete(around.client),
        kept.delete(around.client),
      ]).toEqual([5n, false, true, false]);
      expect(() => kept.get({} as never)).toThrow(/has no descriptor/);
    }),
  inode_storage: () =>
    recipe(map('inode_storage', undefined, u64), {}, kept => {
      kept.set(process.execPath, 5n);
      const file = { fd: openSync(process.execPath, 'r') };
      expect([kept.get(process.execPath), kept.get(file), kept.has('/proc'), kept.delete(file)]).toEqual([
        5n,
        5n,
        false,
        true,
      ]);
      closeSync(file.fd);
      expect(() => kept.get('/no/such/file')).toThrow(code('ENOENT'));
    }),
  task_storage: () =>
    recipe(map('task_storage', undefined, u64), {}, kept => {
      kept.set(process.pid, 5n);
      expect([kept.get(process.pid), kept.has(process.ppid), kept.delete(process.pid)]).toEqual([
        5n,
        false,
        true,
      ]);
      expect(() => kept.get(0x7ffffffe)).toThrow(code('ESRCH'));
      expect(() => kept.get(-1)).toThrow(code('ERR_BPF_VALUE'));
    }),
  cgrp_storage: () =>
    recipe(map('cgrp_storage', undefined, u64), {}, kept => {
      kept.set(around.cgroup.path, 5n);
      expect([
        kept.get(around.cgroup.path),
        kept.delete(around.cgroup.path),
        kept.has(around.cgroup.path),
      ]).toEqual([5n, true, false]);
    }),
  ringbuf: () => recipe(map('ringbuf'), { maxEntries: 4096 }, ring => expect(ring.available).toBe(0)),
  user_ringbuf: () => recipe(map('user_ringbuf'), { maxEntries: 4096 }),
  arena: () =>
    recipe(map('arena'), { ...four, flags: ['mmapable'] }, shared => {
      expect([shared.size, shared.offsetOf(shared.address)]).toEqual([4 * pageSize, 0]);
      using numbers = shared.mmap(u32, { offset: pageSize });
      expect([numbers.length, numbers.get(7), numbers.add(7, 5), numbers.get(7)]).toEqual([
        (3 * pageSize) / 4,
        0,
        0,
        5,
      ]);
      expect(() => shared.offsetOf(shared.address + BigInt(shared.size))).toThrow(code('ERR_BPF_VALUE'));
    }),
  insn_array: () =>
    recipe(map('insn_array'), four, places => {
      expect(places.size).toBe(4);
      expect(places.get(0)).toEqual({ originalOffset: 0, xlatedOffset: 0, jitedOffset: 0 });
    }),
};

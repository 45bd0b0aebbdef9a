/** How a kind of map is made, what is true of it, and what several kinds have in common. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type BpfMap, type CreateMapOptions, createMapSync, type LiveMap, type MapKindName } from 'libbpf-ts';
import { map, struct, u32, u64 } from 'libbpf-ts/codec';
import type { MapDescription } from 'libbpf-ts/gen';
import { expect } from 'vitest';
import { Cgroup } from './cgroup.js';
import { dumped, longs, lookedUp, updated, words } from './map-oracle.js';

/** How a kind is made. */
export interface Recipe<D extends MapDescription = MapDescription> {
  readonly description: D;
  readonly options: CreateMapOptions;
  /** What is true of this kind. */
  readonly use: (map: LiveMap<D>, id: number) => void;
}

/** A recipe whose map has the class of its kind. */
export function recipe<D extends MapDescription>(
  description: D,
  options: CreateMapOptions,
  use: (map: LiveMap<D>, id: number) => void = () => {},
): Recipe {
  return { description, options, use } as unknown as Recipe;
}

export const storageKey = struct('struct bpf_cgroup_storage_key', 16, { id: [0, u64], type: [8, u32] });
export const four = { maxEntries: 4 };
/** LRU maps hand free places out to CPUs by the dozen: a small one forgets before it is full. */
const roomy = { maxEntries: 1024 };
/** Kinds that only loading makes, or that are no kind at all. */
export type Made = Exclude<MapKindName, 'unspec' | 'struct_ops'>;

export const code = (expected: string) => expect.objectContaining({ code: expected });

/** Sockets connected to each other, a cgroup, and a map to make maps of maps from. */
export interface Surroundings {
  readonly server: Server;
  readonly client: Socket;
  readonly cgroup: Cgroup;
  readonly template: BpfMap<number, bigint, 'hash'>;
}

export let around: Surroundings;

/** Makes what the recipes need around them; `leave()` ends it. */
export async function surround(): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as { port: number }).port, '127.0.0.1');
  await once(client, 'connect');
  const template = createMapSync(map('hash', u32, u64), four);
  around = { server, client, cgroup: new Cgroup(), template };
}

export function leave(): void {
  around.client.destroy();
  around.server.close();
  around.cgroup[Symbol.dispose]();
  around.template.closeSync();
}

export function hash(kind: 'hash' | 'lru_hash'): Recipe {
  return recipe(map(kind, u32, u64), roomy, (counts, id) => {
    counts.set(1, 2n ** 64n - 1n).set(2, 7n, 'noexist');
    expect(dumped(id)).toEqual([...counts].map(([key, value]) => [words(key), longs(value)]));
    updated(id, words(3), longs(9n));
    expect([counts.get(3), counts.has(3), counts.get(9), counts.has(9)]).toEqual([
      9n,
      true,
      undefined,
      false,
    ]);
    expect(() => counts.set(2, 0n, 'noexist')).toThrow(code('EEXIST'));
    expect(() => counts.set(9, 0n, 'exist')).toThrow(code('ENOENT'));
    expect([counts.delete(1), counts.delete(1), lookedUp(id, words(1))]).toEqual([true, false, undefined]);
    expect(counts.count()).toBe(2);
    expect([...counts.keys()]).toContain(counts.next());
  });
}

export function array(kind: 'array'): Recipe {
  return recipe(map(kind, u32, u64), four, (slots, id) => {
    slots.set(3, 5n);
    expect(dumped(id)).toEqual([0n, 0n, 0n, 5n].map((value, index) => [words(index), longs(value)]));
    expect([slots.size, slots.get(3), slots.get(4), slots.next(1), slots.next(3)]).toEqual([
      4,
      5n,
      undefined,
      2,
      undefined,
    ]);
    expect(() => slots.set(4, 0n)).toThrow(code('E2BIG'));
    expect(() => slots.set(0, 0n, 'noexist')).toThrow(code('EEXIST'));
  });
}

/** A value of four bytes, so that the kernel's padding to eight shows. */
export function perCpuHash(kind: 'percpu_hash' | 'lru_percpu_hash'): Recipe {
  return recipe(map(kind, u32, u32), roomy, (hits, id) => {
    const values = Array.from({ length: hits.cpus }, (_, cpu) => 100 + cpu);
    hits.set(1, values);
    expect(dumped(id)).toEqual([[words(1), ...values.map(value => words(value))]]);
    expect([hits.getCpu(1, 0), hits.getCpu(2, 0)]).toEqual([100, undefined]);
    expect(hits.setAll(1, 3).get(1)).toEqual(values.map(() => 3));
    expect(() => hits.set(1, [])).toThrow(/possible CPUs is wanted, 0 were given/);
    expect(() => hits.getCpu(1, 9999)).toThrow(/no CPU 9999/);
    expect(hits.get(1)).toEqual(values.map(() => 3));
    expect([hits.delete(1), hits.delete(1)]).toEqual([true, false]);
  });
}

export function trie(): Recipe {
  return recipe(
    map('lpm_trie', undefined, u64),
    { ...four, keySize: 8, flags: ['no_prealloc'] },
    (routes, id) => {
      routes.set('10.0.0.0/8', 1n).set('10.1.2.3/16', 2n);
      const bytes = (prefix: string) => {
        const [address = '', length] = prefix.split('/');
        return Buffer.from([Number(length), 0, 0, 0, ...address.split('.').map(Number)]);
      };
      expect(dumped(id)).toEqual([...routes].map(([prefix, value]) => [bytes(prefix), longs(value)]));
      expect(lookedUp(id, Buffer.from([32, 0, 0, 0, 10, 1, 9, 9]))).toEqual(longs(2n));
      expect(
        ['10.1.9.9', '10.2.0.1', '10.0.0.0/9', '11.0.0.1'].map(address => routes.match(address)),
      ).toEqual([2n, 1n, 1n, undefined]);
      expect([...routes.keys()].sort()).toEqual(['10.0.0.0/8', '10.1.0.0/16']);
      expect([routes.delete('10.0.0.0/9'), routes.delete('10.0.0.0/8'), routes.covers('10.2.0.1')]).toEqual([
        false,
        true,
        false,
      ]);
      for (const bad of ['', '10.0.0.0/33', '10.0.0/8', '2001::/8', '10.0.0.0/-1', '10.0.0.0/8/8'])
        expect(() => routes.set(bad, 0n)).toThrow(code('ERR_BPF_VALUE'));
      expect([...routes]).toEqual([['10.1.0.0/16', 2n]]);
    },
  );
}

export function queue(kind: 'queue' | 'stack', order: readonly bigint[]): Recipe {
  return recipe(map(kind, undefined, u64), four, (jobs, id) => {
    for (const job of [1n, 2n, 3n, 4n]) jobs.push(job);
    expect(() => jobs.push(5n)).toThrow(/push to map \w+: E2BIG, .*4 values at most/);
    expect(jobs.peek()).toBe(order[0]);
    expect(lookedUp(id, words())).toBeUndefined();
    expect([jobs.pop(), jobs.drain(), jobs.pop(), jobs.peek()]).toEqual([
      order[0],
      order.slice(1),
      undefined,
      undefined,
    ]);
  });
}

export function devices(kind: 'devmap' | 'devmap_hash'): Recipe {
  return recipe(map(kind), four, (ports, id) => {
    ports.set(2, 'lo');
    expect(dumped(id).filter(([, value]) => value?.some(Boolean))).toEqual([[words(2), words(1, 0)]]);
    expect([...ports]).toEqual([[2, { ifindex: 1, programId: 0 }]]);
    expect(() => ports.set(1, 'no such thing')).toThrow(code('ENODEV'));
    expect([ports.delete(2), ports.get(2)]).toEqual([true, undefined]);
  });
}

export function maps(kind: 'array_of_maps' | 'hash_of_maps'): Recipe {
  return recipe(
    map(kind, u32, map('hash', u32, u64)),
    { ...four, template: around.template },
    (outer, id) => {
      expect(outer.getSync(1)).toBeUndefined();
      using inner = createMapSync(map('hash', u32, u64), four);
      using other = createMapSync(map('hash', u64, u64), four);
      outer.set(1, inner);
      expect(lookedUp(id, words(1))).toEqual(words(inner.info.id));
      using again = outer.getSync(1);
      again?.set(5, 6n);
      expect(inner.get(5)).toBe(6n);
      expect([...outer.ids()]).toEqual([[1, inner.info.id]]);
      expect(() => outer.set(2, other)).toThrow(/EINVAL.*the type, key and value sizes/);
      expect([outer.delete(1), outer.idOf(1)]).toEqual([true, undefined]);
    },
  );
}

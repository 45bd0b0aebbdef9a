/** The contract of every kind in the table: made, described, pinned, opened again, used, closed; as bpftool sees it. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import {
  type BpfMap,
  type CreateMapOptions,
  createMapSync,
  type LiveMap,
  type MapDescription,
  type MapInfo,
  type MapKindName,
  map,
  mapKinds,
  openMapSync,
  struct,
  u32,
  u64,
} from 'libbpf-ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BpfFileSystem } from '../support/bpffs.js';
import { Cgroup } from '../support/cgroup.js';
import { dumped, longs, lookedUp, shownMap, updated, words } from '../support/map-oracle.js';
import { need } from '../support/need.js';

/** How a kind is made. */
interface Recipe<D extends MapDescription = MapDescription> {
  readonly description: D;
  readonly options: CreateMapOptions;
  /** What is true of this kind. */
  readonly use: (map: LiveMap<D>, id: number) => void;
}

/** A recipe whose map has the class of its kind. */
function recipe<D extends MapDescription>(
  description: D,
  options: CreateMapOptions,
  use: (map: LiveMap<D>, id: number) => void = () => {},
): Recipe {
  return { description, options, use } as unknown as Recipe;
}

const storageKey = struct('struct bpf_cgroup_storage_key', 16, { id: [0, u64], type: [8, u32] });
const four = { maxEntries: 4 };
/** Kinds that only loading makes, or that are no kind at all. */
type Made = Exclude<MapKindName, 'unspec' | 'struct_ops'>;

const code = (expected: string) => expect.objectContaining({ code: expected });

function hash(kind: 'hash' | 'lru_hash'): Recipe {
  return recipe(map(kind, u32, u64), four, (counts, id) => {
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

function array(kind: 'array'): Recipe {
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
function perCpuHash(kind: 'percpu_hash' | 'lru_percpu_hash'): Recipe {
  return recipe(map(kind, u32, u32), four, (hits, id) => {
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

function queue(kind: 'queue' | 'stack', order: readonly bigint[]): Recipe {
  return recipe(map(kind, undefined, u64), four, (jobs, id) => {
    for (const job of [1n, 2n, 3n, 4n]) jobs.push(job);
    expect(() => jobs.push(5n)).toThrow(/push to map \w+: E2BIG, .*4 values at most/);
    expect(jobs.peek()).toBe(order[0]);
    expect(lookedUp(id, words())).toBeUndefined();
    expect([jobs.pop(), [...jobs.drain()], jobs.pop(), jobs.peek()]).toEqual([
      order[0],
      order.slice(1),
      undefined,
      undefined,
    ]);
  });
}

function devices(kind: 'devmap' | 'devmap_hash'): Recipe {
  return recipe(map(kind), four, (ports, id) => {
    ports.set(2, 'lo');
    expect(dumped(id).filter(([, value]) => value?.some(Boolean))).toEqual([[words(2), words(1, 0)]]);
    expect([...ports]).toEqual([[2, { ifindex: 1, programId: 0 }]]);
    expect(() => ports.set(1, 'no such thing')).toThrow(code('ENODEV'));
    expect([ports.delete(2), ports.get(2)]).toEqual([true, undefined]);
  });
}

function maps(kind: 'array_of_maps' | 'hash_of_maps'): Recipe {
  return recipe(map(kind, u32, map('hash', u32, u64)), { ...four, template }, (outer, id) => {
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
  });
}

/** Sockets of every test, connected to each other. */
let server: Server;
let client: Socket;
let cgroup: Cgroup;
let template: BpfMap<number, bigint, 'hash'>;
beforeAll(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as { port: number }).port, '127.0.0.1');
  await once(client, 'connect');
  cgroup = new Cgroup();
  template = createMapSync(map('hash', u32, u64), four);
});
afterAll(() => {
  client.destroy();
  server.close();
  cgroup[Symbol.dispose]();
  template.closeSync();
});

const recipes: Readonly<Record<Made, () => Recipe>> = {
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
  lpm_trie: () =>
    recipe(map('lpm_trie', undefined, u64), { ...four, keySize: 8, flags: ['no_prealloc'] }, (routes, id) => {
      routes.set('10.0.0.0/8', 1n).set('10.1.2.3/16', 2n);
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
    }),
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
      expect(() => jumps.set(0, 0)).toThrow(code('EINVAL'));
      expect(() => jumps.set(0, {} as never)).toThrow(/takes a descriptor/);
    }),
  perf_event_array: () =>
    recipe(map('perf_event_array'), four, events => {
      expect(events.delete(0)).toBe(false);
      expect(() => events.set(0, 0)).toThrow(/update map perf_event_array: EBADF|EINVAL/);
    }),
  cgroup_array: () =>
    recipe(map('cgroup_array'), four, groups => {
      expect([groups.delete(1), groups.set(1, cgroup.path).delete(1), groups.delete(1)]).toEqual([
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
      expect(() => sockets.set(0, sockets.fd)).toThrow(code('ENOTSOCK'));
      expect(sockets.size).toBe(4);
    }),
  sockmap: () =>
    recipe(map('sockmap'), four, (sockets, id) => {
      sockets.set(1, client);
      expect([...sockets].map(([index, cookie]) => [words(index), longs(cookie)])).toEqual(
        dumped(id).filter(([, value]) => value?.some(Boolean)),
      );
      expect(sockets.get(1)).toBeTypeOf('bigint');
      expect(() => sockets.set(0, sockets.fd)).toThrow(code('ENOTSOCK'));
      expect([sockets.delete(1), sockets.get(1)]).toEqual([true, undefined]);
    }),
  sockhash: () =>
    recipe(map('sockhash', u64), { ...four }, (sockets, id) => {
      sockets.set(77n, client, 'noexist');
      expect(() => sockets.set(77n, client, 'noexist')).toThrow(code('EEXIST'));
      expect(lookedUp(id, longs(77n))).toEqual(longs(sockets.get(77n) ?? 0n));
      expect([[...sockets.keys()], sockets.delete(77n), sockets.delete(77n)]).toEqual([[77n], true, false]);
    }),
  reuseport_sockarray: () =>
    recipe(map('reuseport_sockarray'), four, sockets => {
      expect(() => sockets.set(0, client)).toThrow(/update map reuseport_sockarray: /);
      expect([sockets.get(0), sockets.delete(0)]).toEqual([undefined, false]);
    }),
  cgroup_storage: () =>
    recipe(map('cgroup_storage', storageKey, u64), {}, kept => expect([...kept]).toEqual([])),
  percpu_cgroup_storage: () =>
    recipe(map('percpu_cgroup_storage', storageKey, u32), {}, kept => expect([...kept.keys()]).toEqual([])),
  sk_storage: () =>
    recipe(map('sk_storage', undefined, u64), {}, kept => {
      kept.set(client, 5n);
      expect([kept.get(client), kept.has(server), kept.delete(client), kept.delete(client)]).toEqual([
        5n,
        false,
        true,
        false,
      ]);
      expect(() => kept.get({} as never)).toThrow(/has no descriptor/);
    }),
  inode_storage: () =>
    recipe(map('inode_storage', undefined, u64), {}, kept => {
      kept.set(import.meta.filename, 5n);
      expect([kept.get(import.meta.filename), kept.has('/proc'), kept.delete(import.meta.filename)]).toEqual([
        5n,
        false,
        true,
      ]);
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
      kept.set(cgroup.path, 5n);
      expect([kept.get(cgroup.path), kept.delete(cgroup.path), kept.has(cgroup.path)]).toEqual([
        5n,
        true,
        false,
      ]);
    }),
  ringbuf: () => recipe(map('ringbuf'), { maxEntries: 4096 }, ring => expect(ring.available).toBe(0)),
  user_ringbuf: () => recipe(map('user_ringbuf'), { maxEntries: 4096 }),
  arena: () => recipe(map('arena'), { ...four, flags: ['mmapable'] }),
  insn_array: () =>
    recipe(map('insn_array'), four, places => {
      expect(places.size).toBe(4);
      expect(places.get(0)).toEqual({ orig_off: 0, xlated_off: 0, jitted_off: 0 });
    }),
};

describe.each(Object.keys(recipes) as Made[])('a map of kind %s', kind => {
  it('does what its class says, as bpftool sees it', context => {
    need(context, `map.${kind}`);
    const { description, options, use } = recipes[kind]();
    using made = createMapSync(description, options) as Used;
    use(made as never, made.info.id);
  });

  it('is described, shared, pinned and opened again as the same', context => {
    need(context, `map.${kind}`);
    const { description, options } = recipes[kind]();
    using files = new BpfFileSystem();
    using made = createMapSync(description, { ...options, name: 'a_map' }) as Used;
    const { id, ...info } = made.info;
    const shown = shownMap(id);
    expect(info).toMatchObject({ kind, name: 'a_map', frozen: false, flags: shown.flags });
    expect([info.keySize, info.valueSize, info.maxEntries]).toEqual([
      shown.bytes_key,
      shown.bytes_value,
      shown.max_entries,
    ]);
    made.pinSync(`${files.path}/a_map`);
    const places = [`${files.path}/a_map`, { id }, { fd: made.fd }, made.share()];
    for (const place of places) {
      using again = openMapSync(place, description) as Used;
      expect([again.info.id, again.constructor]).toEqual([id, made.constructor]);
    }
    const other = map(kind === 'hash' ? 'array' : 'hash', u32, u64);
    expect(() => openMapSync({ id }, other)).toThrow(/ERR_BPF_MAP, the map there is another: kind is/);
    made.unpin();
    rmSync(`${files.path}/a_map`, { force: true });
    expect(() => openMapSync(`${files.path}/a_map`)).toThrow(code('ENOENT'));
    made.closeSync();
    made.closeSync();
    expect(() => made.fd).toThrow(code('ERR_BPF_CLOSED'));
  });
});

/** What every class has. */
interface Used extends Disposable {
  readonly fd: number;
  readonly info: MapInfo;
  share(): { readonly fd: number; readonly id: number };
  pinSync(path: string): void;
  unpin(): void;
  closeSync(): void;
}

it('takes an entry out and gives it, in one step', context => {
  need(context, 'map.take');
  using counts = createMapSync(map('hash', u32, u64), four);
  using hits = createMapSync(map('percpu_hash', u32, u32), four);
  const values = Array.from({ length: hits.cpus }, (_, cpu) => cpu + 1);
  counts.set(1, 10n);
  hits.set(1, values);
  expect([counts.take(1), counts.take(1), counts.count()]).toEqual([10n, undefined, 0]);
  expect([hits.take(1), hits.take(1), hits.count()]).toEqual([values, undefined, 0]);
});

it.for(['percpu_hash', 'percpu_array', 'lru_percpu_hash'] as const)(
  "writes one CPU's value of a %s and leaves the others",
  (kind, context) => {
    need(context, 'map.one_cpu');
    using hits = createMapSync(map(kind as 'percpu_hash', u32, u32), four);
    const values = Array.from({ length: hits.cpus }, (_, cpu) => cpu + 1);
    hits.set(1, values).setCpu(1, 0, 77);
    expect([hits.get(1), hits.getCpu(1, 0)]).toEqual([[77, ...values.slice(1)], 77]);
    expect(hits.setAll(1, 5).get(1)).toEqual(values.map(() => 5));
  },
);

it('has a recipe for every row of the table', () => {
  const missing = Object.keys(mapKinds).filter(kind => !(kind in recipes));
  expect(missing).toEqual(['unspec', 'struct_ops']);
});

/** Stand-ins: code that uses an object, tested without a kernel. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describe as described } from '../../../lib/gen/index.js';
import {
  type LoadedObject,
  map,
  skeleton,
  standIn,
  struct,
  text,
  u16,
  u32,
  u64,
} from '../../../lib/index.js';

const Event = struct<{ pid: number; comm: string }>('struct event', 20, {
  pid: [0, u32],
  comm: [4, text(16)],
});
const probe = described(readFileSync('test/bpf/probe.bpf.o'), 'probe.bpf.o');
const app = skeleton({
  name: 'app',
  programs: { on_exec: 'tp_btf/sched_process_exec', filter: 'xdp', tasks: 'iter/task' },
  maps: {
    counts: map('hash', u32, u64),
    recent: map('lru_hash', u32, u16),
    limits: map('array', u32, u16),
    hits: map('percpu_hash', u32, u64),
    jobs: map('queue', undefined, u32),
    undo: map('stack', undefined, u32),
    known: map('bloom_filter', undefined, u32),
    routes: map(
      'lpm_trie',
      struct<{ bits: number; address: number }>('k', 8, { bits: [0, u32], address: [4, u32] }),
      u32,
    ),
    events: map('ringbuf', undefined, Event),
    samples: map('perf_event_array', u32, Event),
    commands: map('user_ringbuf', undefined, Event),
    tenants: map('sockhash', u32, u32),
  },
  globals: {
    rodata: struct<{ target_pid: number; watched: bigint }>('.rodata', 16, {
      target_pid: [0, u32],
      watched: [8, u64],
    }),
    bss: struct<{ seen: bigint; dropped: bigint }>('.bss', 16, { seen: [0, u64], dropped: [8, u64] }),
  },
  object: probe.object,
});
type App = LoadedObject<typeof app.description>;

/** What an application does: the type of the live object is all that it knows. */
async function countExecs(bpf: App, most: number): Promise<void> {
  await bpf.attach({ optional: ['tasks'] });
  let seen = 0;
  for await (const { pid } of bpf.maps.events) {
    bpf.maps.counts.set(pid, (bpf.maps.counts.get(pid) ?? 0n) + 1n);
    if (++seen === most) return;
  }
}

describe('an application', () => {
  it('has events that the test pushes, before and while it waits', async () => {
    await using bpf = standIn(app);
    expect(bpf.produce('events', { pid: 1, comm: 'sh' })).toBe(true);
    const done = countExecs(bpf, 3);
    await new Promise(resolve => setTimeout(resolve, 5));
    bpf.produce('events', { pid: 2, comm: 'ls' });
    bpf.produce('events', new Uint8Array(20).fill(2, 0, 1));
    await done;
    expect([...bpf.maps.counts]).toEqual([
      [1, 1n],
      [2, 2n],
    ]);
    expect(bpf.maps.events.stats()).toMatchObject({ produced: 3, dropped: 0, delivered: 3, waiting: 0 });
  });

  it('is told what its values do not fit', () => {
    using bpf = standIn(app);
    expect(() => bpf.maps.limits.set(0, 70_000)).toThrow(/ERR_BPF_VALUE/);
    expect(() => bpf.maps.counts.set(-1, 1n)).toThrow(/ERR_BPF_VALUE/);
    expect(() => bpf.produce('events', { pid: 2 ** 32, comm: '' })).toThrow(/ERR_BPF_VALUE/);
  });

  it('ends with its object', async () => {
    const bpf = standIn(app);
    const loop = (async () => {
      for await (const _ of bpf.maps.samples) throw new Error('there was an event');
    })();
    await bpf.close();
    await loop;
    expect(() => bpf.maps.counts.get(1)).toThrow(/ERR_BPF_CLOSED/);
    expect(() => bpf.produce('samples', { pid: 1, comm: '' })).toThrow(/ERR_BPF_CLOSED/);
  });

  it('loses what its ring has no room for, counted', () => {
    using bpf = standIn(app, { maxEntries: { events: 4096 } });
    const written = Array.from({ length: 200 }, (_, pid) => bpf.produce('events', { pid, comm: '' }));
    expect(written.filter(Boolean)).toHaveLength(4096 / 32);
    expect(bpf.maps.events.stats()).toMatchObject({ produced: 200, dropped: 72, waiting: 4096 });
    expect(bpf.maps.events.drain()).toHaveLength(128);
  });
});

describe('maps', () => {
  it('of hashes have the manners of a Map, and a size', async () => {
    using bpf = standIn(app, { maxEntries: { counts: 2, recent: 2 } });
    const { counts, recent } = bpf.maps;
    counts.set(1, 1n).set(2, 2n);
    expect(() => counts.set(3, 3n)).toThrow(/E2BIG.*2 entries at most/);
    expect(() => counts.set(1, 3n, 'noexist')).toThrow(/EEXIST/);
    expect(() => counts.set(3, 3n, 'exist')).toThrow(/ENOENT/);
    expect(counts.delete(1)).toBe(true);
    expect(counts.delete(1)).toBe(false);
    expect([counts.has(2), counts.get(1), counts.count()]).toEqual([true, undefined, 1]);
    recent.set(1, 1).set(2, 2).set(3, 3);
    expect([...recent.keys()]).toEqual([2, 3]);
    expect(await recent.snapshot()).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(await recent.snapshot({ as: 'columns' })).toMatchObject({
      length: 2,
      value: Uint16Array.of(2, 3),
    });
    expect(await recent.drain()).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(recent.count()).toBe(0);
  });

  it('walk on while entries go, and take many at a time', async () => {
    using bpf = standIn(app, { maxEntries: { counts: 500 } });
    const { counts } = bpf.maps;
    const pairs = Array.from({ length: 500 }, (_, key) => [key, BigInt(key)] as const);
    expect(await counts.setBatch(pairs)).toBe(500);
    for (const key of counts.keys()) if (key % 2 === 0) counts.delete(key);
    expect(counts.count()).toBe(250);
    expect(await counts.getBatch([1, 2, 3])).toEqual([1n, undefined, 3n]);
    expect(await counts.deleteBatch([1, 2, 3])).toBe(2);
    const met: number[] = [];
    for await (const [key] of counts) met.push(key);
    expect(met).toEqual(pairs.map(([key]) => key).filter(key => key % 2 === 1 && key > 3));
  });

  it('of arrays are full from the start', () => {
    using bpf = standIn(app, { maxEntries: { limits: 3 } });
    const { limits } = bpf.maps;
    limits.set(1, 7);
    expect([...limits]).toEqual([
      [0, 0],
      [1, 7],
      [2, 0],
    ]);
    expect(() => limits.set(3, 1)).toThrow(/E2BIG/);
    expect(limits.get(3)).toBeUndefined();
  });

  it('have a value for each CPU', () => {
    using bpf = standIn(app);
    const { hits } = bpf.maps;
    const values = Array.from({ length: hits.cpus }, (_, cpu) => BigInt(cpu + 1));
    hits.set(1, values);
    expect(hits.get(1)).toEqual(values);
  });

  it('of queues, stacks, filters and prefixes keep their order', () => {
    using bpf = standIn(app, { maxEntries: { jobs: 2 } });
    const { jobs, undo, known, routes } = bpf.maps;
    jobs.push(1).push(2);
    expect(() => jobs.push(3)).toThrow(/E2BIG/);
    jobs.push(3, { dropOldest: true });
    expect([jobs.peek(), ...jobs.drain(), jobs.pop()]).toEqual([2, 2, 3, undefined]);
    undo.push(1).push(2);
    expect([undo.pop(), undo.pop(), undo.pop()]).toEqual([2, 1, undefined]);
    expect([known.add(7).mayHave(7), known.mayHave(8)]).toEqual([true, false]);
    routes.set('10.0.0.0/8', 1).set('10.1.0.0/16', 2);
    expect([routes.match('10.1.2.3'), routes.match('10.2.0.0'), routes.match('11.0.0.0')]).toEqual([
      2,
      1,
      undefined,
    ]);
    expect([...routes.keys()]).toEqual(['10.0.0.0/8', '10.1.0.0/16']);
  });

  it('hand over what the application sends', async () => {
    using bpf = standIn(app);
    const { commands } = bpf.maps;
    const first = commands.reserve();
    commands.send({ pid: 2, comm: 'b' });
    expect(bpf.consume('commands')).toEqual([]);
    first.submit({ pid: 1, comm: 'a' });
    commands.reserve().discard();
    expect(bpf.consume('commands')).toEqual([
      { pid: 1, comm: 'a' },
      { pid: 2, comm: 'b' },
    ]);
  });

  it('refuse what only a kernel can', async () => {
    using bpf = standIn(app);
    expect(() => bpf.maps.tenants.delete(1)).toThrow(/EOPNOTSUPP/);
    expect(() => bpf.maps.counts.fd).toThrow(/EOPNOTSUPP/);
    await expect(bpf.maps.counts.pin('/sys/fs/bpf/x')).rejects.toThrow(
      /EOPNOTSUPP, a stand-in has no kernel/,
    );
  });
});

describe('programs', () => {
  it('count what was attached, and with what', async () => {
    const bpf = standIn(app);
    const report = await bpf.attach();
    expect(Object.keys(report.links)).toContain('on_exec');
    expect(bpf.attachments('on_exec')).toEqual({
      attached: 1,
      attaches: 1,
      detaches: 0,
      options: [undefined],
    });
    const link = await bpf.programs.filter.attach({ interface: 'eth0' });
    expect(link.way).toBe('link');
    await link.detach();
    await link.close();
    expect(bpf.attachments('filter')).toMatchObject({
      attached: 0,
      attaches: 1,
      detaches: 1,
      options: [{ interface: 'eth0' }],
    });
    await bpf.close();
    await expect(bpf.programs.on_exec.attach()).rejects.toThrow(/ERR_BPF_CLOSED/);
  });

  it('fail as the test says', async () => {
    using bpf = standIn(app);
    bpf.refuse('on_exec', 'EPERM');
    await expect(bpf.attach()).rejects.toThrow(/attach on_exec.*EPERM/);
    expect(bpf.attachments('tasks').attached).toBe(0);
    bpf.refuse('on_exec', undefined);
    await bpf.attach();
    expect(bpf.attachments('on_exec').attached).toBe(1);
  });
});

describe('globals', () => {
  it('are set as by a loader, and shared with the test', () => {
    using bpf = standIn(app, { initial: { rodata: { target_pid: 7 } } });
    expect(bpf.globals.rodata.target_pid).toBe(7);
    expect(bpf.globals.rodata.watched).toBe(0n);
    bpf.globals.bss.seen = 5n;
    expect(bpf.globals.bss.seen).toBe(5n);
    expect(() => Object.assign(bpf.globals.rodata, { target_pid: 8 })).toThrow(/ERR_BPF_PHASE/);
  });

  it('and maps have what the object says', () => {
    using bpf = standIn(probe);
    expect(bpf.globals.data).toMatchObject({ step: 1n, note: 'ready' });
    expect(bpf.maps.counts?.maxEntries).toBe(64);
    expect(bpf.maps.events?.maxEntries).toBe(65_536);
  });
});

/** Stand-ins: code that uses an object, tested without a kernel. */
import { describe, expect, it } from 'vitest';
import { fakeObject } from '../../../lib/doors/testing.js';
import { type App, app, probe } from './app.js';

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
    await using bpf = fakeObject(app);
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

  it('has zero in a record that the test does not say', async () => {
    using bpf = fakeObject(app);
    bpf.produce('events', { comm: 'sh' });
    bpf.produce('events', {});
    expect(bpf.maps.events.drain()).toEqual([
      { pid: 0, comm: 'sh' },
      { pid: 0, comm: '' },
    ]);
  });

  it('is told what its values do not fit', () => {
    using bpf = fakeObject(app);
    expect(() => bpf.maps.limits.set(0, 70_000)).toThrow(/ERR_BPF_VALUE/);
    expect(() => bpf.maps.counts.set(-1, 1n)).toThrow(/ERR_BPF_VALUE/);
    expect(() => bpf.produce('events', { pid: 2 ** 32, comm: '' })).toThrow(/ERR_BPF_VALUE/);
  });

  it('ends with its object', async () => {
    const bpf = fakeObject(app);
    const loop = (async () => {
      for await (const _ of bpf.maps.samples) throw new Error('there was an event');
    })();
    await bpf.close();
    await loop;
    expect(() => bpf.maps.counts.get(1)).toThrow(/ERR_BPF_CLOSED/);
    expect(() => bpf.produce('samples', { pid: 1, comm: '' })).toThrow(/ERR_BPF_CLOSED/);
  });

  it('loses what its ring has no room for, counted', () => {
    using bpf = fakeObject(app, { maxEntries: { events: 4096 } });
    const written = Array.from({ length: 200 }, (_, pid) => bpf.produce('events', { pid, comm: '' }));
    expect(written.filter(Boolean)).toHaveLength(4096 / 32);
    expect(bpf.maps.events.stats()).toMatchObject({ produced: 200, dropped: 72, waiting: 4096 });
    expect(bpf.maps.events.drain()).toHaveLength(128);
  });
});

describe('programs', () => {
  it('count what was attached, and with what', async () => {
    const bpf = fakeObject(app);
    const report = await bpf.attach();
    expect(Object.keys(report.links)).toContain('on_exec');
    expect(bpf.attachments('on_exec')).toEqual({
      attached: 1,
      attaches: 1,
      detaches: 0,
      options: [undefined],
    });
    const link = await bpf.programs.filter.attach({ interface: 'eth0' });
    expect(link.via).toBe('link');
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
    using bpf = fakeObject(app);
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
    using bpf = fakeObject(app, { initial: { rodata: { target_pid: 7 } } });
    expect(bpf.globals.rodata.target_pid).toBe(7);
    expect(bpf.globals.rodata.watched).toBe(0n);
    bpf.globals.bss.seen = 5n;
    expect(bpf.globals.bss.seen).toBe(5n);
    expect(() => Object.assign(bpf.globals.rodata, { target_pid: 8 })).toThrow(/ERR_BPF_PHASE/);
  });

  it('and maps have what the object says', () => {
    using bpf = fakeObject(probe);
    expect(bpf.globals.data).toMatchObject({ step: 1n, note: 'ready' });
    expect(bpf.maps.counts?.maxEntries).toBe(64);
    expect(bpf.maps.events?.maxEntries).toBe(65_536);
  });
});

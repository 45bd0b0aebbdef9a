/** Objects in the kernel: phases, lists, twins, lifetimes. */
import { existsSync } from 'node:fs';
import { BpfError, load, loadSync, open } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { bpftool, runScript, untilGone } from '../support/child.js';
import { bpfDescriptors, fdInfo } from '../support/descriptors.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';

const path = new URL('../bpf/probe.bpf.o', import.meta.url);
const streamPath = new URL('../bpf/stream.bpf.o', import.meta.url);

describe('an object', () => {
  it('has the programs and maps that bpftool sees', async () => {
    await using bpf = await probe.load();
    const id = fdInfo(bpf.programs.entered.fd, 'prog_id');
    expect(bpftool('prog', 'show', 'id', String(id))).toMatchObject({
      name: 'entered',
      type: 'raw_tracepoint',
    });
    const map = bpftool('map', 'show', 'id', String(fdInfo(bpf.maps.counts.fd, 'map_id')));
    expect(map).toMatchObject({
      name: 'counts',
      type: 'hash',
      bytes_key: 4,
      bytes_value: 8,
      max_entries: 64,
    });
    expect(bpf.maps.counts).toMatchObject({ kind: 'hash', keySize: 4, valueSize: 8, maxEntries: 64 });
  });

  it('opens from a path, a URL and bytes, with and without a generated module', async () => {
    for (const file of [path.pathname, path, probe.description.object.bytes()]) {
      await using bpf = await load(file, {}, { name: 'probe' });
      expect(Object.keys(bpf.maps)).toEqual(Object.keys(probe.description.maps));
      expect(Object.keys(bpf.programs)).toEqual(['entered', 'passed']);
    }
  });

  it('does the same on this thread', () => {
    using bpf = loadSync(path, watchGetppid);
    const { links, skipped } = bpf.attachSync();
    expect(Object.keys(links)).toEqual(['entered']);
    expect(skipped).toEqual([{ program: 'passed', reason: 'section xdp does not say where to attach' }]);
  });

  it('lets settings change before load, and not after', async () => {
    const opened = await probe.open();
    opened.maps.counts.maxEntries = 7;
    opened.programs.passed.autoload = false;
    await using bpf = await opened.load();
    expect(bpf.maps.counts.maxEntries).toBe(7);
    expect(bpf.programs.passed.loaded).toBe(false);
    expect(() => bpf.programs.passed.fd).toThrow(/passed: ENOENT|passed: EINVAL|not loaded/);
    expect(() => {
      opened.maps.counts.maxEntries = 8;
    }).toThrow(expect.objectContaining({ code: 'ERR_BPF_PHASE' }));
    await expect(opened.load()).rejects.toMatchObject({ code: 'ERR_BPF_PHASE' });
  });

  it('is gone from the kernel once closed, with its descriptors', async () => {
    const before = bpfDescriptors();
    const bpf = await probe.load(watchGetppid);
    await bpf.attach();
    const id = fdInfo(bpf.programs.entered.fd, 'prog_id');
    expect(bpfDescriptors()).toBeGreaterThan(before);
    await bpf.close();
    await bpf.close();
    bpf.closeSync();
    expect(bpfDescriptors()).toBe(before);
    await untilGone('prog', id);
  });

  it('answers every use after close with an error that names it', async () => {
    const bpf = await probe.load();
    const { counts, events } = bpf.maps;
    await bpf.close();
    const uses = [
      () => counts.get(1),
      () => counts.set(1, 1n),
      () => counts.delete(1),
      () => [...counts.keys()],
      () => counts.fd,
      () => events.drain(),
      () => events.events(),
      () => bpf.programs.entered.fd,
      () => bpf.globals.bss.seen,
    ];
    for (const use of uses) expect(use).toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
    for (const use of [bpf.attach(), bpf.programs.entered.attach()]) {
      await expect(use).rejects.toMatchObject({
        code: 'ERR_BPF_CLOSED',
        message: expect.stringContaining('probe'),
      });
    }
  });

  it('detaches one link and keeps the object', async () => {
    await using bpf = await probe.load(watchGetppid);
    const link = await bpf.programs.entered.attach();
    expect(fdInfo(link.fd, 'prog_id')).toBe(fdInfo(bpf.programs.entered.fd, 'prog_id'));
    callGetppid(3);
    await link.detach();
    await link.detach();
    callGetppid(3);
    expect(bpf.globals.bss.seen).toBe(3n);
    expect(() => link.fd).toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
  });

  it('stays attached when collected, and says so', async () => {
    const { stdout, stderr, code } = await runScript(collected, ['--expose-gc']);
    expect({ stdout, code }).toEqual({ stdout: 'seen 5\n', code: 0 });
    expect(stderr).toContain('LIBBPF_TS_LOST_OBJECT');
  });

  it('is collected in silence where nothing of it is attached', async () => {
    const { stdout, stderr } = await runScript(collected.replace('await bpf.attach();', ''), ['--expose-gc']);
    expect([stdout, stderr]).toEqual(['seen 0\n', '']);
  });

  it.each([
    ['a listener', "bpf.maps.events.on('event', heard)"],
    ['a loop', '(async () => { for await (const event of bpf.maps.events) heard(event); })()'],
  ])('is not lost while %s has its events', async (_, listen) => {
    const { stdout, stderr } = await runScript(listening(listen), ['--expose-gc']);
    expect([stdout, stderr]).toEqual(['heard 5\n', '']);
  });

  it('leaves nothing behind after kill -9', async () => {
    const { stdout, signal } = await runScript(killed);
    expect(signal).toBe('SIGKILL');
    const ids = stdout.trim().split(' ');
    expect(ids).toHaveLength(2);
    await untilGone('prog', String(ids[0]));
    await untilGone('link', String(ids[1]));
  });

  it('gives an object without a module its errors too', async () => {
    await using opened = await open(path);
    expect(() => opened.assign({ rodata: { nothing: 1 } })).toThrow(BpfError);
    expect(() => opened.assign({ nothing: {} })).toThrow(/its sections with variables: rodata, data, bss/);
    expect(existsSync(path)).toBe(true);
  });
});

/** Holds on to a second object's map memory to see that the collected one still counts. */
const collected = `
  import { load } from 'libbpf-ts';
  import { setTimeout } from 'node:timers/promises';
  const globals = { rodata: { target_pid: process.pid, watched: ${watchGetppid.rodata.watched}n } };
  let bss;
  async function lose() {
    const bpf = await load(${JSON.stringify(path.pathname)}, globals);
    await bpf.attach();
    bss = bpf.globals.bss;
  }
  await lose();
  for (let turn = 0; turn < 5; turn++) { gc(); await setTimeout(20); }
  for (let call = 0; call < 5; call++) process.ppid;
  console.log('seen ' + bss.seen);
`;

const listening = (listen: string) => `
  import { load } from 'libbpf-ts';
  import { setTimeout } from 'node:timers/promises';
  const globals = { rodata: { target_pid: process.pid, watched: ${watchGetppid.rodata.watched}n } };
  let count = 0;
  const heard = () => count++;
  async function begin() {
    const bpf = await load(${JSON.stringify(streamPath.pathname)}, globals, { types: { events: 'struct event' } });
    await bpf.attach();
    ${listen};
  }
  await begin();
  for (let turn = 0; turn < 5; turn++) { gc(); await setTimeout(20); }
  for (let call = 0; call < 5; call++) process.ppid;
  while (count < 5) await setTimeout(5);
  console.log('heard ' + count);
  process.exit();
`;

const killed = `
  import { readFileSync } from 'node:fs';
  import { load } from 'libbpf-ts';
  const bpf = await load(${JSON.stringify(path.pathname)}, { rodata: { target_pid: process.pid } });
  const { links } = await bpf.attach();
  const id = (fd, field) => readFileSync('/proc/self/fdinfo/' + fd, 'utf8').match(field + ':\\\\s*(\\\\d+)')[1];
  console.log(id(bpf.programs.entered.fd, 'prog_id'), id(links.entered.fd, 'link_id'));
  process.kill(process.pid, 'SIGKILL');
`;

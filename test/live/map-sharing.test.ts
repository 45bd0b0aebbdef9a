/** Maps of several processes and threads: taken over after kill -9, written by two, handed to a worker. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createMapSync, openMap } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { checkout, runScript } from '../support/child.js';

const { counts: countsOf } = probe.description.maps;

it('survives kill -9 where it is pinned, and a new process takes it over', async () => {
  using files = new BpfFileSystem();
  const path = `${files.path}/counts`;
  const text = `
    import { open } from 'libbpf-ts';
    const opened = await open('test/bpf/probe.bpf.o');
    opened.maps.counts.pinTo('${path}');
    const bpf = await opened.load();
    for (let key = 0; key < 50; key++) bpf.maps.counts.set(key, BigInt(key));
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { cwd: checkout });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { stdout } = await runScript(`
    import { open } from 'libbpf-ts';
    const opened = await open('test/bpf/probe.bpf.o');
    opened.maps.counts.pinTo('${path}');
    const bpf = await opened.load();
    console.log(bpf.maps.counts.count(), bpf.maps.counts.get(49));
    bpf.maps.counts.set(49, 99n);
    await bpf.close();`);
  expect(stdout).toBe('50 49n\n');
  await using adopted = await openMap(path, countsOf);
  expect([adopted.count(), adopted.get(49)]).toEqual([50, 99n]);
});

it('is shared by two processes that both write it', async () => {
  using files = new BpfFileSystem();
  using made = createMapSync(map('hash', u32, u64), { maxEntries: 2000 });
  made.pinSync(`${files.path}/shared`);
  const other = runScript(`
    import { openMap } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
    const shared = await openMap('${files.path}/shared', map('hash', u32, u64));
    for (let key = 1000; key < 2000; key++) shared.set(key, BigInt(key));
    while (shared.get(0) === undefined) await new Promise(next => setTimeout(next, 5));
    console.log(shared.get(0));`);
  for (let key = 0; key < 1000; key++) made.set(key, BigInt(key) + 1n);
  expect((await other).stdout).toBe('1n\n');
  expect(made.count()).toBe(2000);
});

it('is handed to a worker, which opens the same map', async () => {
  using made = createMapSync(map('hash', u32, u64), { name: 'handed', maxEntries: 4 });
  const text = `
    const { parentPort, workerData } = require('node:worker_threads');
    Promise.all([import('libbpf-ts'), import('libbpf-ts/codec')]).then(([{ openMapSync }, { map, u32, u64 }]) => {
      const same = openMapSync(workerData, map('hash', u32, u64));
      same.set(1, 10n);
      same.closeSync();
      parentPort.postMessage('done');
    });`;
  const worker = new Worker(text, { eval: true, workerData: made.share() });
  await once(worker, 'message');
  await worker.terminate();
  expect(made.get(1)).toBe(10n);
});

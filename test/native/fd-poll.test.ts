/** Waiting for descriptors: by libuv's loop, and by a thread, as in runtimes that have Node-API without libuv. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasLibuv } from '../../lib/host/runtime.js';
import { native, type WatcherHandle } from '../../lib/native/native.js';
import { ended } from '../support/child.js';
import { temporary } from '../support/temporary.js';

let fifo = -1;
let count = 0;

/** A pipe that can be read as soon as something was written to it. */
beforeEach(() => {
  const path = temporary(`fifo${count++}`);
  execFileSync('mkfifo', [path]);
  fifo = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
});

afterEach(() => closeSync(fifo));

function opened(reports: number[][], threaded: boolean): WatcherHandle {
  const watcher = native().watcherOpen((...fds) => reports.push(fds), threaded);
  return typeof watcher === 'number' ? expect.fail(`errno ${-watcher}`) : watcher;
}

const threads = () => readdirSync('/proc/self/task').length;

describe.each([
  ['the loop', false],
  ['a thread', true],
] as const)('%s', (_, threaded) => {
  it('reports a descriptor whenever it becomes readable', async () => {
    const reports: number[][] = [];
    const watcher = opened(reports, threaded);
    expect(native().watcherArm(watcher, fifo, true)).toBe(0);
    await sleep(30);
    expect(reports).toEqual([]);
    for (let round = 1; round <= 20; round++) {
      writeSync(fifo, 'x');
      await expect.poll(() => reports.length, { interval: 1 }).toBe(round);
      readSync(fifo, new Uint8Array(1));
      expect(native().watcherArm(watcher, fifo, true)).toBe(0);
    }
    expect(reports).toEqual(Array.from({ length: 20 }, () => [fifo]));
    expect(native().watcherForget(watcher, fifo)).toBe(0);
    writeSync(fifo, 'x');
    await sleep(30);
    expect(reports).toHaveLength(20);
    native().watcherClose(watcher);
  });

  it('ticks while it is asked to, beside a descriptor that is always readable', async () => {
    const reports: number[][] = [];
    const watcher = opened(reports, threaded);
    native().watcherArm(watcher, fifo, true);
    writeSync(fifo, 'x');
    native().watcherTick(watcher, 2);
    const ticks = () => reports.filter(fds => fds.length === 0).length;
    await expect.poll(ticks, { interval: 1 }).toBeGreaterThan(5);
    native().watcherTick(watcher, 0);
    await sleep(20);
    const before = ticks();
    await sleep(30);
    expect(ticks()).toBe(before);
    expect(reports).toContainEqual([fifo]);
    native().watcherClose(watcher);
  });

  it('ends when it is closed, inside its own call too', async () => {
    const before = threads();
    const reports: number[][] = [];
    const watcher: WatcherHandle = opened(reports, threaded);
    const inside = native().watcherOpen(() => {
      native().watcherClose(inside as WatcherHandle);
      reports.push([]);
    }, threaded);
    native().watcherArm(inside as WatcherHandle, fifo, false);
    writeSync(fifo, 'x');
    await expect.poll(() => reports.length, { interval: 1 }).toBe(1);
    expect(native().watcherClose(watcher)).toBe(0);
    expect(native().watcherClose(watcher)).toBe(0);
    expect(native().watcherTick(watcher, 1)).toBeLessThan(0);
    expect(threads()).toBe(before);
    await sleep(30);
    expect(reports).toEqual([[]]);
  });

  it('keeps the process alive only while it is told to, and ends with its worker', async () => {
    const addon = `require('node-gyp-build')(${JSON.stringify(process.cwd())})`;
    const script = `
      const { Worker } = require('node:worker_threads');
      const open = \`globalThis.kept = ${addon}.watcherOpen(() => {}, ${threaded})\`;
      const worker = new Worker(open + "; setInterval(() => {}, 1000)", { eval: true });
      worker.on('online', () => setTimeout(() => worker.terminate().then(() => console.log('terminated')), 50));
      const addon = ${addon};
      const watcher = addon.watcherOpen(() => {}, ${threaded});
      addon.watcherKeepAlive(watcher, true);
      setTimeout(() => addon.watcherKeepAlive(watcher, false), 300);
      process.on('exit', () => console.log('alive for it', performance.now() > 300));`;
    const { stdout, stderr, code } = await ended(process.execPath, ['-e', script]);
    expect([stderr, code, stdout]).toEqual(['', 0, 'terminated\nalive for it true\n']);
  });
});

it('is libuv in Node and Electron, and is not where that is a fake', () => {
  expect(hasLibuv()).toBe(true);
  expect(hasLibuv({ ...process.versions, electron: '40.0.0' })).toBe(true);
  expect(hasLibuv({ ...process.versions, bun: '1.4.5' })).toBe(false);
  expect(hasLibuv({ ...process.versions, deno: '2.9.6' })).toBe(false);
});

/** Ring buffers under load and at rest: every event is had or counted, others have their turn, idle costs nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { struct, u32 } from 'libbpf-ts/codec';
import { beforeEach, describe, expect, it } from 'vitest';
import { runScript } from '../support/child.js';
import { flood } from '../support/flood.js';
import { callGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';
import { attachedStream } from '../support/stream.js';

const object = new URL('../bpf/stream.bpf.o', import.meta.url).pathname;

/** A script that has the stream object attached as `bpf`. */
function script(body: string): string {
  return `
    import { readFileSync } from 'node:fs';
    import { load } from 'libbpf-ts';
    const bpf = await load(${JSON.stringify(object)}, { rodata: { target_pid: process.pid, watched: ${process.arch === 'arm64' ? 173 : 110}n } });
    await bpf.attach();
    const ring = bpf.maps.events;
    ${body}
  `;
}

describe('a ring buffer', () => {
  beforeEach(context => need(context, 'ringbuf'));

  it('loses nothing that is not counted while two threads flood it', async () => {
    const { received, produced, dropped, ordered, rings } = await flood({ milliseconds: 700, rings: 1 });
    expect(received).toBeGreaterThan(1000);
    expect(received + dropped).toBe(produced);
    expect(ordered).toBe(true);
    expect(rings).toHaveLength(1);
  });

  it('does not keep nine others from their turn, nor a timer', async () => {
    const { received, produced, dropped, rings, ticks } = await flood({ milliseconds: 700, rings: 10 });
    expect(received + dropped).toBe(produced);
    expect(Math.min(...rings)).toBeGreaterThan(0);
    expect(ticks).toBeGreaterThan(5);
  });

  it('makes no wake-up while it is idle', async () => {
    const body = `
      const next = ring.events().next();
      const switches = () => Number(/^voluntary_ctxt_switches:\\s*(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
      await new Promise(resolve => setTimeout(resolve, 300));
      const before = switches();
      await new Promise(resolve => setTimeout(resolve, 2000));
      console.log(switches() - before);
      await bpf.close();
      console.log((await next).done);
    `;
    const { stdout, stderr, code } = await runScript(script(body));
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const [wakeups, done] = stdout.split('\n');
    expect(done).toBe('true');
    // The timer that ends the measurement is one; a collection of garbage may wait for its helpers.
    expect(Number(wakeups)).toBeLessThan(5);
  });

  it('delivers within the interval what is written without a wake-up', async () => {
    await using bpf = await attachedStream();
    bpf.globals.bss.flags = 1n; // BPF_RB_NO_WAKEUP
    const loop = bpf.maps.events.events({ pollInterval: 20 });
    const next = loop.next();
    await sleep(5);
    callGetppid(1);
    expect(await next).toMatchObject({ done: false, value: { comm: 'node' } });
    await loop.return?.();
  });

  it('takes nothing while it is paused', async () => {
    await using bpf = await attachedStream();
    const seen: unknown[] = [];
    const ring = bpf.maps.events;
    ring.on('event', event => seen.push(event));
    ring.pause();
    callGetppid(3);
    await sleep(30);
    expect(seen).toEqual([]);
    expect(ring.stats()).toMatchObject({ produced: 3, delivered: 0, waiting: 3 * 48 });
    ring.resume();
    while (seen.length < 3) await sleep(2);
    expect(ring.stats()).toMatchObject({ delivered: 3, waiting: 0, highWater: 3 * 48 });
  });

  it.each([
    ['oldest', 6],
    ['newest', 0],
  ] as const)('fills a queue that drops the %s', async (drop, first) => {
    await using bpf = await attachedStream();
    bpf.globals.bss.mixed = 1; // these are numbered whatever the CPU
    const numbers = bpf.maps.kinds.as(
      struct<{ kind: number; number: number }>('both', 8, { kind: [0, u32], number: [4, u32] }),
    );
    expect(() => numbers.queue({ capacity: 0, drop })).toThrow('capacity takes');
    const queue = numbers.queue({ capacity: 8, drop });
    callGetppid(10); // each writes a number and an error
    while (queue.dropped < 12) await sleep(2);
    const seen: number[] = [];
    let left = 8;
    for await (const { kind, number } of queue) {
      if (kind === 1) seen.push(number);
      if (--left === 0) break;
    }
    expect(seen).toEqual([first, first + 1, first + 2, first + 3]);
    expect(queue.dropped).toBe(12);
  });

  it('goes on after a listener that throws', async () => {
    await using bpf = await attachedStream();
    const errors: unknown[] = [];
    let calls = 0;
    bpf.maps.events.on('error', error => errors.push(error));
    bpf.maps.events.on('event', () => {
      calls++;
      throw new Error('planned');
    });
    callGetppid(2);
    while (calls < 2) await sleep(2);
    expect(errors).toEqual([new Error('planned'), new Error('planned')]);
  });

  it('lets the process end while it is read without a reference, and not before', async () => {
    const unreferenced = await runScript(script('ring.unref(); ring.events().next();'));
    expect(unreferenced).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    const body = `
      setTimeout(() => process.ppid, 300).unref();
      const { value } = await ring.events().next();
      console.log(value.comm);
    `;
    expect((await runScript(script(body))).stdout).toBe('node\n');
  });

  it('is closed by its listener, twice, during traffic', async () => {
    const bpf = await attachedStream(10);
    const timer = setInterval(() => callGetppid(10), 1);
    const end = new Promise<void>(resolve => bpf.maps.events.on('end', resolve));
    let calls = 0;
    bpf.maps.events.on('event', () => {
      if (++calls === 5) void Promise.all([bpf.close(), bpf.close()]);
    });
    await end;
    clearInterval(timer);
    await bpf.close();
    expect(calls).toBe(5);
  });
});

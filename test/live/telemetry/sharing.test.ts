/** Observers of one process: sources are attached once, begin anew for each, and go with their last user. */
import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { observe } from 'libbpf-ts/telemetry';
import { describe, expect, it } from 'vitest';
import { Cgroup } from '../../support/cgroup.js';
import { openBpf } from '../../support/leaks.js';
import { value } from '../../support/telemetry.js';
import { Workload } from '../../support/tool-runs.js';

describe('two observers', () => {
  it('of one process count once, and the second from 0', async () => {
    await using workload = await Workload.start(`
for _ in range(500): os.getppid()
print('half', flush=True); sys.stdin.readline()
for _ in range(300): os.getppid()
`);
    const of = { pid: workload.pid };
    await using first = await observe({ of, collectors: ['syscalls'] });
    workload.child.stdin.write('\n');
    await workload.says(/half/);
    const attached = hookCount();
    await using second = await observe({ of, collectors: ['syscalls', 'files'] });
    expect(hookCount()).toBe(attached);
    const calls = async (kernel: typeof first) =>
      value(await kernel.read(), 'kernel.syscall.duration', { syscall: 'getppid' });
    await workload.work();
    expect([await calls(first), await calls(second)]).toEqual([800, 300]);
    await first.close();
    expect(await calls(second)).toBe(300);
  });

  it('take with them what was summed up for their owner, closed on this thread too', async () => {
    await using quiet = await Workload.start('');
    await using first = await observe({ of: { pid: quiet.pid }, collectors: ['syscalls'] });
    const entries = async () =>
      value(await first.read(), 'kernel.observer.map.entries', { source: 'syscalls', map: 'histograms' });
    const before = await entries();
    for (const close of ['close', 'closeSync'] as const) {
      await using other = await Workload.start('for _ in range(500): os.getppid()');
      const second = await observe({ of: { pid: other.pid }, collectors: ['syscalls'] });
      await other.work();
      // It waits for its end, in read(2).
      await expect.poll(() => readFileSync(`/proc/${other.pid}/syscall`, 'utf8')).toMatch(/^0 /);
      expect(await entries()).toBeGreaterThan(before);
      await second[close]();
      expect(await entries()).toBe(before);
    }
  });
});

describe('what found no room', () => {
  it('is told to those who observed then, and not to who comes later', async () => {
    await using outer = new Cgroup();
    await using middle = new Cgroup(outer.path);
    await using inner = new Cgroup(middle.path);
    const collectors = ['syscalls'] as const;
    const observed = (cgroup: Cgroup) => observe({ of: { cgroup: cgroup.path }, collectors });
    await using first = await observed(outer);
    await using second = await observed(middle);
    await using third = await observed(inner);
    await using workload = await Workload.start('for _ in range(500): os.getppid()');
    workload.enter(inner);
    await workload.work();
    const missed = async (kernel: typeof first) =>
      value(await kernel.read(), 'kernel.observer.missed', { source: 'syscalls' });
    // Of three around each other, only two are counted.
    expect(await missed(first)).toBeGreaterThanOrEqual(500);
    await Promise.all([second, third].map(kernel => kernel.close()));
    await using later = await observed(middle);
    expect(await missed(later)).toBe(0);
  });
});

/** BPF programs that this process holds. */
function hookCount(): number {
  return openBpf().filter(entry => /bpf.?(prog|link)/.test(entry)).length;
}
/** Closes the first after so many steps of the second's beginning. */
async function takeOver(wait: () => Promise<unknown>, steps: number): Promise<(string | undefined)[]> {
  const settings = { of: 'process', collectors: ['syscalls'] } as const;
  const first = await observe(settings);
  const beginning = observe(settings);
  for (let step = 0; step < steps; step++) await wait();
  first.closeSync();
  await using second = await beginning;
  await second.read();
  return second.report().metrics.map(({ reason }) => reason);
}

it('observes whichever moment of its beginning the last one closed in', async () => {
  await takeOver(turn, 0);
  const before = openBpf().length;
  for (let steps = 0; steps < 30; steps++) {
    expect(await takeOver(() => Promise.resolve(), steps)).toEqual([undefined, undefined]);
    if (steps < 5) expect(await takeOver(turn, steps)).toEqual([undefined, undefined]);
  }
  expect(openBpf().length).toBe(before);
});

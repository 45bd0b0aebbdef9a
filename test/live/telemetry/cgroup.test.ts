/** Telemetry of cgroups of both versions, and of a container. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { type KernelTelemetry, observe } from 'libbpf-ts/telemetry';
import { describe, expect, it } from 'vitest';
import { Cgroup, cgroupRoot } from '../../support/cgroup.js';
import { value } from '../../support/telemetry.js';
import { Workload } from '../../support/tool-runs.js';

const work = 'for _ in range(500): os.getppid()';

/** The second version's hierarchy, and that of the first version's controller of CPUs where it is mounted. */
const version1 = /^\S+ (\S+) cgroup \S*\bcpu\b/m.exec(readFileSync('/proc/self/mounts', 'utf8'))?.[1];
const hierarchies = [cgroupRoot(), ...(version1 === undefined ? [] : [version1])];

/** Makes the calls of `work` in a cgroup. */
async function workIn(cgroup: Cgroup): Promise<void> {
  await using workload = await Workload.start(work);
  workload.enter(cgroup);
  await workload.work();
}

async function getppids(kernel: KernelTelemetry): Promise<number> {
  return value(await kernel.read(), 'kernel.syscall.duration', { syscall: 'getppid' });
}

describe.each(hierarchies)('a cgroup in %s', root => {
  it('has what is done in it and below, and nothing else', async () => {
    await using cgroup = new Cgroup(root);
    await using below = new Cgroup(cgroup.path);
    await using beside = new Cgroup(root);
    await using kernel = await observe({ of: { cgroup: cgroup.path }, collectors: ['syscalls'] });
    for (const each of [cgroup, below, beside]) await workIn(each);
    expect(await getppids(kernel)).toBe(1000);
    expect(kernel.report().of).toBe(`cgroup ${cgroup.path}`);
  });

  it('in another is observed too, each by itself', async () => {
    await using outer = new Cgroup(root);
    await using inner = new Cgroup(outer.path);
    await using all = await observe({ of: { cgroup: outer.path }, collectors: ['syscalls'] });
    await using part = await observe({ of: { cgroup: inner.path }, collectors: ['syscalls'] });
    for (const each of [outer, inner]) await workIn(each);
    expect([await getppids(all), await getppids(part)]).toEqual([1000, 500]);
  });

  it('that is removed leaves its last values', async () => {
    const cgroup = new Cgroup(root);
    await using kernel = await observe({ of: { cgroup: cgroup.path }, collectors: ['syscalls'] });
    await workIn(cgroup);
    await cgroup[Symbol.asyncDispose]();
    expect(await getppids(kernel)).toBe(500);
    expect(kernel.report().isGone).toBe(true);
  });
});

describe('cgroups', () => {
  it.runIf(version1)('are observed in one hierarchy at a time', async () => {
    await using one = new Cgroup();
    await using other = new Cgroup(version1);
    await using kernel = await observe({ of: { cgroup: one.path }, collectors: ['processes'] });
    expect(kernel.closed).toBe(false);
    const refused = { code: 'ERR_BPF_BUSY', message: expect.stringContaining('another hierarchy') };
    await expect(observe({ of: { cgroup: other.path }, collectors: ['processes'] })).rejects.toThrow(
      expect.objectContaining(refused),
    );
  });

  it.runIf(version1)(
    'that are limited have the periods and the time that they were kept from CPUs',
    async () => {
      await using cgroup = new Cgroup(version1);
      writeFileSync(`${cgroup.path}/cpu.cfs_period_us`, '20000');
      writeFileSync(`${cgroup.path}/cpu.cfs_quota_us`, '5000');
      await using kernel = await observe({ of: { cgroup: cgroup.path }, collectors: ['cpu'] });
      await using workload = await Workload.start(
        'end = time.process_time() + 0.1\nwhile time.process_time() < end: pass',
      );
      workload.enter(cgroup);
      await workload.work();
      const reading = await kernel.read();
      // 0.1 seconds in pieces of 5 ms: at least 15 times it had to wait for the next 20 ms, 15 ms each.
      expect(value(reading, 'kernel.cpu.throttled.periods')).toBeGreaterThanOrEqual(15);
      expect(value(reading, 'kernel.cpu.throttled.time')).toBeGreaterThan(0.1);
      expect(value(reading, 'container.cpu.time')).toBeGreaterThan(0.095);
    },
  );
});

describe('a container', () => {
  it('is found by how its id begins', async () => {
    const id = randomBytes(32).toString('hex');
    const path = `${cgroupRoot()}/docker-${id}.scope`;
    mkdirSync(path);
    try {
      await using kernel = await observe({ of: { container: id.slice(0, 12) }, collectors: ['syscalls'] });
      await using workload = await Workload.start(work);
      writeFileSync(`${path}/cgroup.procs`, `${workload.pid}`);
      await workload.work();
      expect(await getppids(kernel)).toBe(500);
      expect(kernel.report().of).toBe(`container ${id}`);
    } finally {
      await expect.poll(() => rmdirSync(path)).toBeUndefined();
    }
  });
});

/** Perf events and iterators, checked against /proc. */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { IterLink } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { sampled } from '../../bpf/sampled.bpf.js';
import { fault } from '../../support/faults.js';
import { need } from '../../support/need.js';

const own = { rodata: { target_pid: process.pid } };

function burn(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('a perf event', () => {
  it('samples this process while it works, and no longer once detached', async () => {
    await using bpf = await sampled.load(own);
    const { pid } = process;
    const link = await bpf.programs.sample.attach({
      event: 'task-clock',
      period: 1_000_000n,
      pid,
    });
    const before = process.cpuUsage();
    burn(300);
    const { user, system } = process.cpuUsage(before);
    await link.detach();
    const milliseconds = (user + system) / 1000;
    const { samples } = bpf.globals.bss;
    expect(Number(samples)).toBeGreaterThan(milliseconds / 20);
    expect(Number(samples)).toBeLessThan(milliseconds * 2);
    burn(100);
    expect(bpf.globals.bss.samples).toBe(samples);
  });

  it('on every CPU is one link with as many descriptors', async () => {
    await using bpf = await sampled.load(own);
    const link = await bpf.programs.sample.attach({ event: 'cpu-clock', frequency: 100 });
    expect(link.fds).toHaveLength(availableParallelism());
    if (link.fds.length > 1) expect(() => link.fd).toThrow(/one for each CPU/);
  });

  it('that does not exist is refused with those that do', async () => {
    await using bpf = await sampled.load(own);
    const { sample } = bpf.programs;
    await expect(sample.attach({ event: 'cycle' as 'cycles' })).rejects.toThrow(
      /no event cycle; there are cpu-clock,/,
    );
    const both = sample.attach({ event: 'cpu-clock', frequency: 1, period: 1 });
    await expect(both).rejects.toMatchObject({ code: 'ERR_BPF_ARGUMENT' });
    const opened = sample.attach({ event: 'page-faults', period: 1, cpus: [0, 4000] });
    await expect(opened).rejects.toThrow(/CPU 4000 is offline or not there$/);
    const { samples } = bpf.globals.bss; // of the moment between the two CPUs
    fault();
    expect(bpf.globals.bss.samples, 'the other CPUs were let go of').toBe(samples);
  });
});

describe('an iterator', () => {
  it('lists this process with each of its threads, as /proc does', async context => {
    need(context, 'iter');
    await using bpf = await sampled.load(own);
    const link = await bpf.programs.tasks.attach();
    expect(link).toBeInstanceOf(IterLink);
    const lines = (await link.text()).split('\n').filter(line => line.startsWith(`${process.pid} `));
    const threads = lines.map(line => line.split(' ')[1]).sort();
    expect(threads).toEqual(readdirSync('/proc/self/task').sort());
  });

  it('goes over one map, each time anew', async context => {
    need(context, 'iter');
    await using bpf = await sampled.load(own);
    const { numbers } = bpf.maps;
    const link = await bpf.programs.elements.attach({ map: numbers });
    for (const key of [2, 3]) {
      numbers.set(key, BigInt(key) ** 2n);
      const pairs = (await link.text()).trim().split('\n').sort();
      expect(pairs).toEqual([...numbers].map(([number, square]) => `${number}=${square}`).sort());
    }
  });
});

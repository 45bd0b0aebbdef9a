/** Test runs that cannot be: each is told what its type of program takes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../bpf/runs.bpf.js';
import { frame, loaded } from '../support/runs.js';

let bpf: Awaited<ReturnType<typeof loaded>>;
beforeAll(async () => {
  bpf = await loaded();
});
afterAll(() => bpf.close());

describe('what cannot be run', () => {
  it('is told before the kernel is asked', async () => {
    const { guard, traced, not_by_itself: probe, length } = bpf.programs;
    const run = (program: unknown, options?: object) =>
      (program as { testRun(options?: object): Promise<unknown> }).testRun(options);
    await expect(run(probe)).rejects.toThrow(/ERR_BPF_ARGUMENT, the kernel runs no programs of SEC\("kprobe/);
    await expect(run(guard)).rejects.toThrow(
      /data is a Uint8Array from the Ethernet header on, not undefined/,
    );
    await expect(run(length, { data: frame.slice(0, 9) })).rejects.toThrow(/data has 9 bytes; .* 14 or more/);
    await expect(run(guard, { data: frame, cpu: 0 })).rejects.toThrow(/take data, .*batchSize, and no cpu/);
    await expect(run(guard, { data: frame, repeat: 2 ** 31 })).rejects.toThrow(/from 1 to 2147483647/);
    await expect(run(guard, { data: frame, batchSize: 4 })).rejects.toThrow(/batchSize is for live frames/);
    await expect(run(guard, { data: frame, context: { egress_ifindex: 1 } })).rejects.toThrow(
      /no egress_ifindex/,
    );
    await expect(run(traced, { cpu: 1_000_000 })).rejects.toThrow(/cpu is a whole number from 0 to \d+/);
    await expect(run(traced, { context: [1] })).rejects.toThrow(/an array of at most 12 bigints/);
  });

  it('is what is not loaded, or closed', async () => {
    const other = await runs.open();
    for (const program of Object.values(other.programs)) program.autoload = program.name === 'guard';
    const object = await other.load();
    await expect(object.programs.length.testRun({ data: frame })).rejects.toThrow(
      /ENOENT, it was not loaded/,
    );
    await object.close();
    await expect(object.programs.guard.testRun({ data: frame })).rejects.toThrow(/ERR_BPF_CLOSED/);
  });
});

/** Memory shared with a program: globals of every width, seen from both sides, and gone with its object. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { atomicAdd, atomicCompareExchange } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { memory } from '../bpf/memory.bpf.js';
import { callGetppid, getppid } from '../support/getppid.js';
import { sectionDump } from '../support/section-dump.js';

const watched = { rodata: { target_pid: process.pid, watched: BigInt(getppid) } };
/** How often files of the kernel's maps are mapped into this process. */
const mappings = () => readFileSync('/proc/self/maps', 'utf8').match(/bpf-map/g)?.length ?? 0;

describe('shared globals', () => {
  it('have the values that C gave them, and take others', async () => {
    await using bpf = await memory.load(watched);
    const { data } = bpf.globals;
    const initial = {
      tiny: 200,
      small: -2,
      signed_word: -3,
      word: 4_000_000_000,
      wide: 2n ** 64n - 1n,
      signed_wide: -5n,
      flag: true,
      mood: 'BUSY',
      pair: { left: 6, right: 7n },
      title: 'title',
      numbers: [1, 2, 3],
    };
    expect({ ...data }).toEqual(initial);
    const changed = {
      tiny: 1,
      small: -32_768,
      signed_word: 5,
      word: 0,
      wide: 1n,
      signed_wide: -(2n ** 63n),
      flag: false,
      mood: 'LATE',
      pair: { left: 2 ** 32 - 1, right: 1n },
      title: 'eleven char',
      numbers: [65_535, 0, 9],
    } as const;
    Object.assign(data, changed);
    expect({ ...data }).toEqual(changed);
    const dump = sectionDump('memory.data');
    expect(dump).toMatchObject({ tiny: 1, small: -32_768, word: 0, wide: 1, mood: 'LATE' });
    expect(dump).toMatchObject({ pair: { left: 2 ** 32 - 1, right: 1 }, numbers: [65_535, 0, 9] });
  });

  it('are what the program reads and writes, also in a section of its own name', async () => {
    await using bpf = await memory.load(watched);
    await bpf.attach();
    bpf.globals['data.tuning'].question = 1233n;
    callGetppid(3);
    expect(bpf.globals['data.tuning'].answer).toBe(1234n);
    expect(bpf.globals.bss).toMatchObject({ calls: 3n, turns: 3 });
    bpf.globals.bss.calls = 10n;
    callGetppid(2);
    expect(bpf.globals.bss.calls).toBe(12n);
  });

  it('tell what the kernel was configured with', async () => {
    await using bpf = await memory.load(watched);
    await bpf.attach();
    callGetppid(1);
    const [major = 0, minor = 0] = execFileSync('uname', ['-r'], { encoding: 'utf8' })
      .split(/[.-]/)
      .map(Number);
    expect(bpf.globals.kconfig.LINUX_KERNEL_VERSION >> 8).toBe((major << 8) + minor);
    expect(bpf.globals.bss.release).toBe(bpf.globals.kconfig.LINUX_KERNEL_VERSION);
  });

  it('are added to and exchanged in one step', async () => {
    await using bpf = await memory.load();
    const { data, bss } = bpf.globals;
    expect([atomicAdd(bss, 'calls', 5n), atomicAdd(bss, 'calls', -6n), bss.calls]).toEqual([
      0n,
      5n,
      2n ** 64n - 1n,
    ]);
    expect([atomicAdd(data, 'signed_word', 4), data.signed_word]).toEqual([-3, 1]);
    expect([atomicCompareExchange(bss, 'turns', 0, 7), bss.turns]).toEqual([0, 7]);
    expect([atomicCompareExchange(bss, 'turns', 0, 9), bss.turns]).toEqual([7, 7]);
    expect([atomicCompareExchange(data, 'mood', 'BUSY', 'CALM'), data.mood]).toEqual(['BUSY', 'CALM']);
    expect([atomicCompareExchange(data, 'signed_wide', -5n, -6n), data.signed_wide]).toEqual([-5n, -6n]);
  });

  it('refuse what does not fit, and stay as they were', async () => {
    await using bpf = await memory.load();
    const { data, bss, rodata } = bpf.globals;
    const before = { ...data, ...bss };
    const values = [
      () => Object.assign(data, { tiny: 256 }),
      () => Object.assign(data, { small: 32_768 }),
      () => Object.assign(data, { word: -1 }),
      () => Object.assign(data, { word: Number.NaN }),
      () => Object.assign(data, { wide: 2n ** 64n }),
      () => Object.assign(data, { wide: 1 }),
      () => Object.assign(data, { mood: 'SAD' }),
      () => Object.assign(data, { pair: { left: 1 } }),
      () => atomicAdd(bss, 'calls', 1 as never),
      () => atomicAdd(bss, 'turns', 0.5),
      () => atomicAdd(data, 'tiny', 1),
      () => atomicAdd(data, 'title', 1 as never),
      () => atomicCompareExchange(bss, 'turns', 0, -1),
    ];
    for (const call of values) {
      expect(call).toThrow(
        expect.objectContaining({
          code: 'ERR_BPF_VALUE',
          message: expect.stringMatching(/\.(data|bss) \w+ of memory/),
        }),
      );
    }
    expect({ ...data, ...bss }).toEqual(before);
    const constant = expect.objectContaining({ code: 'ERR_BPF_PHASE' });
    expect(() => Object.assign(rodata, { target_pid: 1 })).toThrow(constant);
    expect(() => Object.assign(bpf.globals.kconfig, { LINUX_KERNEL_VERSION: 1 })).toThrow(constant);
    expect(() => atomicAdd(rodata, 'target_pid', 1)).toThrow(constant);
    const argument = expect.objectContaining({ code: 'ERR_BPF_ARGUMENT' });
    expect(() => atomicAdd(bss, 'missing' as 'turns', 1)).toThrow(argument);
    expect(() => atomicAdd({ turns: 1 }, 'turns', 1)).toThrow(argument);
  });

  it('cannot be used after close, and leave no mapping behind', async () => {
    const before = mappings();
    const bpf = await memory.load();
    const { data, bss, rodata, kconfig } = bpf.globals;
    expect(mappings()).toBeGreaterThan(before);
    await bpf.close();
    const closed = expect.objectContaining({ code: 'ERR_BPF_CLOSED' });
    for (const section of [data, bss, rodata, kconfig]) {
      for (const name of Object.keys(section)) expect(() => section[name as never]).toThrow(closed);
    }
    expect(() => Object.assign(bss, { calls: 1n })).toThrow(closed);
    expect(() => Object.assign(data, { pair: { left: 1, right: 1n } })).toThrow(closed);
    expect(() => atomicAdd(bss, 'calls', 1n)).toThrow(closed);
    await new Promise(resolve => setImmediate(resolve));
    expect(mappings()).toBe(before);
  });
});

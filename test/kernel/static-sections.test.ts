/** Sections whose variables are all static: libbpf shares no memory of them, and they are read and written all the same. */
import { execFileSync } from 'node:child_process';
import { atomicAdd } from 'libbpf-ts';
import { struct, u32 } from 'libbpf-ts/codec';
import type { Description } from 'libbpf-ts/gen';
import { everyMapRow, skeleton } from 'libbpf-ts/skeleton';
import { describe, expect, it } from 'vitest';
import { statics } from '../bpf/statics.bpf.js';
import { bpfDescriptors } from '../support/descriptors.js';
import { need } from '../support/need.js';
import { libbpfProgram } from '../support/program.js';

const object = new URL('../bpf/statics.bpf.o', import.meta.url).pathname;
const packet = new Uint8Array(64);

/** The bytes of each section as a C program has them: before its program ran once, and after. */
function bytesInC(): [before: ReadonlyMap<string, Buffer>, after: ReadonlyMap<string, Buffer>] {
  const binary = libbpfProgram(new URL('../support/sections.c', import.meta.url));
  const lines = execFileSync(binary, [object, 'count'], { encoding: 'utf8' }).trim().split('\n');
  const entries = lines.map(line => {
    const [name = '', how, bytes = ''] = line.split(' ');
    expect(how).toBe('copied');
    return [name.slice(name.startsWith('.') ? 1 : name.indexOf('.') + 1), Buffer.from(bytes, 'hex')] as const;
  });
  return [new Map(entries.slice(0, entries.length / 2)), new Map(entries.slice(entries.length / 2))];
}

type Words = ReadonlyMap<string, Buffer>;

/** What the C program has, by our names. */
const valuesIn = (sections: Words) => ({
  bss: { calls: sections.get('bss')?.readBigUInt64LE() },
  data: { origin: { x: sections.get('data')?.readInt32LE(0), y: sections.get('data')?.readInt32LE(4) } },
  'data.choice': { chosen: sections.get('data.choice')?.readUInt32LE() },
  rodata: {
    limit: sections.get('rodata')?.readUInt32LE(),
    'count.____fmt': sections.get('rodata')?.toString('latin1', 4).replace(/\0+$/, ''),
  },
});

describe('sections of static variables', () => {
  it('have the values that a C program on libbpf has', async () => {
    const [before, after] = bytesInC();
    await using bpf = await statics.load();
    const { bss, data, rodata, 'data.choice': choice } = bpf.globals;
    const values = () =>
      structuredClone({
        bss: { ...bss },
        data: { ...data },
        'data.choice': { ...choice },
        rodata: { ...rodata },
      });
    expect(values()).toEqual(valuesIn(before));
    bpf.programs.count.testRunSync({ data: packet });
    expect(values()).toEqual(valuesIn(after));
    expect(bss.calls).toBe(1n);
  });

  it('are written before load and after it, each variable alone', async () => {
    await using bpf = await statics.load({ rodata: { limit: 100 }, data: { origin: { x: 1, y: 2 } } });
    expect(bpf.globals.rodata.limit).toBe(100);
    bpf.globals['data.choice'].chosen = 40;
    bpf.globals.bss.calls = 9n;
    bpf.programs.count.testRunSync({ data: packet });
    expect(bpf.globals.data.origin).toEqual({ x: 101, y: 2 });
    expect(bpf.globals['data.choice'].chosen).toBe(41);
    expect(bpf.globals.bss.calls).toBe(10n);
  });

  it('beside a lock keep what the program writes', async context => {
    need(context, 'globals.lock');
    const opened = await statics.open();
    opened.programs.count_locked.autoload = true;
    await using bpf = await opened.load();
    bpf.programs.count_locked.testRunSync({ data: packet });
    expect(bpf.globals['data.guarded'].guarded).toBe(7);
    bpf.globals['data.guarded'].guarded = 20;
    bpf.programs.count_locked.testRunSync({ data: packet });
    expect(bpf.globals['data.guarded'].guarded).toBe(22);
  });

  it('refuse what takes shared memory, and constants stay what they are', async () => {
    await using bpf = await statics.load();
    expect(() => atomicAdd(bpf.globals.bss, 'calls', 1n)).toThrow(/is not static/);
    const { rodata } = bpf.globals as { rodata: { limit: number } };
    expect(() => {
      rodata.limit = 1;
    }).toThrow(expect.objectContaining({ code: 'ERR_BPF_PHASE' }));
  });

  it('an object that cannot be made after its load is closed', async () => {
    // Far more than the section has: that shows when its memory is looked at.
    const beyond = struct<{ limit: number }>('.rodata', 4096, { limit: [4092, u32] });
    const description: Description = { ...statics.description, globals: { rodata: beyond } };
    const before = bpfDescriptors();
    await expect(skeleton(description, everyMapRow).load()).rejects.toThrow();
    expect(bpfDescriptors()).toBe(before);
  });
});

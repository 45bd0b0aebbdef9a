/** What `open()` and `load()` are given: sections first, then options, as a skeleton's. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { load, type OpenOptions, open } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { temporary } from '../support/temporary.js';

const file = new URL('../bpf/probe.bpf.o', import.meta.url);

describe('load() of a file', () => {
  it('sets variables as a skeleton does', async () => {
    const initial = { rodata: { target_pid: 7 }, bss: { seen: 3n } };
    for (const loading of [load(file, initial), probe.load(initial)]) {
      await using bpf = await loading;
      expect([bpf.globals.rodata?.target_pid, bpf.globals.bss?.seen]).toEqual([7, 3n]);
    }
  });

  it.each<[string, unknown[], RegExp]>([
    [
      'the old shape',
      [{ globals: { rodata: {} } }],
      /it has no section globals; .* \(give the sections themselves: \{ rodata: … \}\)/,
    ],
    [
      'options for sections',
      [{ kconfig: 'CONFIG_HZ=1' }],
      /kconfig is an option, not a section \(options are the argument behind\)/,
    ],
    ['types for sections', [{ types: { events: 'struct event' } }], /types is an option, not a section/],
    ['a section that is not there', [{ rodta: {} }], /it has no section rodta; .* \(is rodata meant\?\)/],
    [
      'a variable that is not there',
      [{ rodata: { target_pit: 1 } }],
      /there is no such variable; .* \(is target_pid meant\?\)/,
    ],
    [
      'a section that is no object',
      [{ rodata: 5 }],
      /global variables are given by section, as \{ rodata: \{ … \} \}, and rodata is 5/,
    ],
    ['no object at all', [7], /global variables are given by section, .* not 7/],
    [
      'sections for options',
      [{}, { rodata: {} }],
      /there is no option rodata; .* \(sections are the argument before: \{ rodata: \{ … \} \}\)/,
    ],
    [
      'an option that is not there',
      [{}, { kconfg: '' }],
      /there is no option kconfg; there are btf, kconfig, .* \(is kconfig meant\?\)/,
    ],
    ['no options', [{}, 'x'], /options are an object, not "x"/],
  ])('refuses %s', async (_, given, text) => {
    const wrong = given as [];
    const ofFile = await Promise.allSettled([load(file, ...wrong), open(file, ...wrong)]);
    const ofModule = await Promise.allSettled([probe.load(...wrong), probe.open(...wrong)]);
    for (const outcome of ofFile)
      expect(outcome).toMatchObject({
        reason: { code: 'ERR_BPF_ARGUMENT', message: expect.stringMatching(text) },
      });
    for (const outcome of ofModule) expect(outcome).toMatchObject({ reason: { code: 'ERR_BPF_ARGUMENT' } });
  });
});

describe('a file that is opened again', () => {
  const copy = temporary('again.bpf.o');
  const contents = async (...rest: [types?: object]) => {
    await using opened = await open(copy, {}, ...rest);
    return Object.keys(opened.programs);
  };

  it('is described as it is then', async () => {
    copyFileSync(file, copy);
    expect([await contents(), await contents()]).toEqual([
      ['entered', 'passed'],
      ['entered', 'passed'],
    ]);
    copyFileSync(new URL('../bpf/packets.bpf.o', import.meta.url), copy);
    expect(await contents()).toContain('drop');
    writeFileSync(copy, readFileSync(file).subarray(0, 5000));
    await expect(contents()).rejects.toThrow(/again.bpf.o: ERR_BPF_ELF/);
  });

  it('has the forms that are chosen then', async () => {
    const read = async (options?: OpenOptions) => {
      await using bpf = await load(file, { bss: { seen: 3 } as never }, options).catch(() =>
        load(file, { bss: { seen: 3n } }, options),
      );
      return bpf.globals.bss?.seen;
    };
    expect([await read(), await read({ forms: { all: 'number' } }), await read()]).toEqual([3n, 3, 3n]);
  });

  it('is looked at by each name that it has', async () => {
    await using one = await open(file, {}, { name: 'one' });
    await using other = await open(file, {}, { name: 'other' });
    expect([one.name, other.name]).toEqual(['one', 'other']);
  });
});

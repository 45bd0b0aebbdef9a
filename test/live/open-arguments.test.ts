/** What `open()` and `load()` are given: sections first, then options, as a skeleton's. */
import { load, open } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';

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

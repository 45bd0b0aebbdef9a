/** Attaching a whole object: what is optional, what has an alternative, and what undoes the rest. */
import { load, open } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { either } from '../../bpf/either.bpf.js';
import { sections } from '../../bpf/sections.bpf.js';
import { tracepoint } from '../../bpf/tracepoint.bpf.js';
import { callGetppid } from '../../support/getppid.js';
import { loadOnly } from '../../support/only.js';

/** With its second tracepoint switched on, which no kernel has. */
async function loaded() {
  const opened = await tracepoint.open({ rodata: { target_pid: process.pid } });
  opened.programs.absent.autoload = true;
  return opened.load();
}

const missing = { code: 'ENOENT', message: expect.stringContaining('sys_enter_no_such_call') };

describe('attaching a whole object', () => {
  it('reports an optional program that fails, and keeps the others', async () => {
    await using bpf = await loaded();
    const { links, skipped, failed } = await bpf.attach({ optional: ['absent'] });
    expect([Object.keys(links), skipped]).toEqual([['asked'], []]);
    expect(failed).toEqual([{ program: 'absent', error: expect.objectContaining(missing) }]);
    callGetppid(4);
    expect(bpf.globals.bss.hits).toBe(4n);
  });

  it('takes the first alternative that attaches', async () => {
    await using bpf = await loaded();
    const { links, skipped } = await bpf.attach({ alternatives: [['asked', 'absent']] });
    expect(Object.keys(links)).toEqual(['asked']);
    expect(skipped).toEqual([{ program: 'absent', reason: 'asked is attached, which does the same' }]);
  });

  it('fails when every alternative does, and nothing stays attached', async () => {
    await using bpf = await loaded();
    await expect(bpf.attach({ alternatives: [['absent']] })).rejects.toMatchObject(missing);
    callGetppid(4);
    expect(bpf.globals.bss.hits).toBe(0n);
  });
});

describe('an object whose programs do not say where', () => {
  const only = (name: keyof typeof sections.description.programs) => loadOnly(sections, [name]);

  it.each([
    [
      'xdp',
      /^attach sections: ERR_BPF_ARGUMENT, none of its programs says where to attach: xdp \(SEC\("xdp"\)\) needs \{ interface \} /,
    ],
    [
      'cgroup_connect4',
      /cgroup_connect4 \(SEC\("cgroup\/connect4"\)\) needs \{ cgroup \} \(attach\(\{ options: \{ cgroup_connect4: \{ cgroup: … \} \} \}\)\)/,
    ],
  ] as const)('is refused, with what each needs: %s', async (name, text) => {
    await using bpf = await only(name);
    await expect(bpf.attach()).rejects.toThrow(text);
  });

  it('is nothing to refuse where there is no program', async () => {
    const opened = await open(new URL('../../bpf/sections.bpf.o', import.meta.url));
    for (const program of Object.values(opened.programs)) program.autoload = false;
    await using bpf = await opened.load();
    expect((await bpf.attach()).links).toEqual({});
  });
});

describe('what is attached already', () => {
  it('says so, and is not run twice', async () => {
    await using bpf = await loaded();
    await bpf.attach({ optional: ['absent'] });
    const again = await bpf.attach({ optional: ['absent'] });
    expect(again.skipped).toEqual([{ program: 'asked', reason: 'it is attached already' }]);
    await expect(bpf.programs.asked.attach()).rejects.toThrow(/ERR_BPF_BUSY, it is attached already/);
    callGetppid(4);
    expect(bpf.globals.bss.hits).toBe(4n);
  });

  it('can be attached again once it is detached', async () => {
    await using bpf = await loaded();
    const { links } = await bpf.attach({ optional: ['absent'] });
    await links.asked?.detach();
    await bpf.programs.asked.attach();
    callGetppid(4);
    expect(bpf.globals.bss.hits).toBe(4n);
  });
});

describe('programs that do the same', () => {
  it('are loaded until the kernel takes one, and the others are left out', async () => {
    await using bpf = await either.load(
      { rodata: { target_pid: process.pid } },
      { alternatives: [['by_function', 'by_tracepoint', 'by_raw_tracepoint']] },
    );
    expect(bpf.programs.by_function.loaded).toBe(false);
    const { links, skipped, failed } = await bpf.attach();
    expect([Object.keys(links), failed]).toEqual([['by_tracepoint'], []]);
    expect(skipped).toEqual([
      {
        program: 'by_function',
        reason: expect.stringMatching(/^by_tracepoint does the same, and this one was refused: load either/),
      },
      { program: 'by_other_function', reason: 'its autoload was off' },
      { program: 'by_entry', reason: 'its autoload was off' },
      { program: 'by_raw_tracepoint', reason: 'by_tracepoint does the same' },
    ]);
    callGetppid(4);
    expect(bpf.globals.bss.hits).toBe(4n);
  });

  it('all refused are an error, the last one', async () => {
    const loading = either.load({}, { alternatives: [['by_function', 'by_other_function']] });
    await expect(loading).rejects.toThrow(/^load either: .*no_other_function/);
    const unnamed = either.load({}, { alternatives: [['by_function', 'by_map' as 'by_function']] });
    await expect(unnamed).rejects.toThrow(/by_map, which is no program of it; there are by_function/);
  });

  it('may be chosen of a file too', async () => {
    const alternatives = [['by_function', 'by_raw_tracepoint']];
    await using bpf = await load('test/bpf/either.bpf.o', {}, { alternatives });
    expect(Object.keys((await bpf.attach()).links)).toEqual(['by_raw_tracepoint']);
  });
});

/** Single spots: an instruction of the kernel, each way to probe it, an address in memory. */
import type { Link, LoadedObject } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { packets } from '../../bpf/packets.bpf.js';
import { spots } from '../../bpf/spots.bpf.js';
import { ended } from '../../support/child.js';
import { fdInfo } from '../../support/descriptors.js';
import { fault } from '../../support/faults.js';
import { makeFolder } from '../../support/file-calls.js';
import { need } from '../../support/need.js';
import { loadOnly } from '../../support/only.js';
import { Talker } from '../../support/talker.js';

type Name = keyof LoadedObject<typeof spots.description>['programs'];

async function only(name: Name, pid = process.pid) {
  const opened = await spots.open({ rodata: { target_pid: pid } });
  opened.programs[name].autoload = true;
  return opened.load();
}

const makeTwo = () => makeFolder('spots', 0o700, '/dev/shm');
const place = { function: 'security_inode_mkdir' };

describe('a kprobe', () => {
  it.for(['legacy', 'perf', 'link', 'default'] as const)('of mode %s counts', async (mode, context) => {
    need(context, 'kprobe');
    if (mode === 'link') need(context, 'perf_event.link');
    await using bpf = await only('instruction');
    const link = await bpf.programs.instruction.attach({ ...place, mode });
    makeTwo();
    expect(bpf.globals.bss.hits).toBe(2n);
    await link.detach();
    makeTwo();
    expect(bpf.globals.bss.hits).toBe(2n);
  });

  it('sits at an instruction', async context => {
    need(context, 'kprobe');
    await using bpf = await only('instruction');
    const link = await firstThatAttaches([5, 9, 4], offset =>
      bpf.programs.instruction.attach({ ...place, offset }),
    );
    makeTwo();
    expect(bpf.globals.bss.hits).toBe(2n);
    await link.detach();
    const unknown = bpf.programs.instruction.attach({ function: 'no_such_function' });
    await expect(unknown).rejects.toThrow(
      /^attach instruction to kprobe .*no_such_function.*: (ENOENT|EINVAL)/,
    );
  });

  it('on returns counts, in both modes', async context => {
    need(context, 'kprobe');
    await using bpf = await only('result');
    const links = [
      await bpf.programs.result.attach({ ...place, mode: 'legacy' }),
      await bpf.programs.result.attach(place),
    ];
    makeTwo();
    expect(bpf.globals.bss.returns).toBe(4n);
    for (const link of links) await link.detach();
  });

  it('on returns has a cookie', async context => {
    need(context, 'kprobe');
    need(context, 'cookie');
    await using bpf = await only('marked');
    await bpf.programs.marked.attach({ ...place, cookie: 0x1234n });
    makeTwo();
    expect(bpf.globals.bss).toMatchObject({ returns: 2n, cookie: 0x1234n });
  });
});

/** The instruction after the one that ftrace uses begins where the processor's protection lets it. */
async function firstThatAttaches(
  offsets: readonly number[],
  attach: (offset: number) => Promise<Link>,
): Promise<Link> {
  const [offset = 0, ...others] = offsets;
  try {
    return await attach(offset);
  } catch (error) {
    if (others.length === 0) throw error;
    return firstThatAttaches(others, attach);
  }
}

describe('a perf event', () => {
  it('sees an address that is written', async context => {
    need(context, 'breakpoint');
    await using writer = await Talker.start(`
import ctypes, sys
cell = ctypes.c_long(0)
print(ctypes.addressof(cell), flush=True)
for line in sys.stdin:
    for _ in range(int(line)): cell.value += 1
    print('done', flush=True)
`);
    await using bpf = await only('touched', writer.pid);
    const event = { breakpoint: BigInt(writer.greeting), length: 8, access: 'write' } as const;
    const link = await bpf.programs.touched.attach({ event, period: 1, pid: writer.pid });
    await writer.ask('3');
    expect(bpf.globals.bss.hits).toBe(3n);
    await link.detach();
    await writer.ask('3');
    expect(bpf.globals.bss.hits).toBe(3n);
  });

  it('is also a number of a PMU', async () => {
    await using bpf = await only('touched');
    const pageFaults = { type: 1, config: 2n };
    await bpf.programs.touched.attach({ event: pageFaults, period: 1, pid: process.pid });
    fault();
    expect(bpf.globals.bss.hits).toBeGreaterThan(0n);
  });

  it('of a PMU that is not there is refused', async () => {
    await using bpf = await only('touched');
    const event = { type: 9999, config: 1n };
    await expect(bpf.programs.touched.attach({ event, pid: process.pid })).rejects.toThrow(
      /^attach touched to perf_event .*type: 9999.*: ENOENT/,
    );
  });
});

describe('a writable raw tracepoint', () => {
  it('changes what a test run answers, of children of this process', async context => {
    need(context, 'raw_tp.w');
    await using bpf = await only('finished');
    await using run = await loadOnly(packets, ['pass']);
    const id = String(fdInfo(run.programs.pass.fd, 'prog_id'));
    const bpftool = () =>
      ended('bpftool', ['prog', 'run', 'id', id, 'data_in', '/etc/passwd', 'repeat', '1']);
    const link = await bpf.programs.finished.attach();
    expect((await bpftool()).stderr).toContain('File descriptor in bad state');
    await link.detach();
    expect(await bpftool()).toMatchObject({ stderr: '', code: 0 });
  });
});

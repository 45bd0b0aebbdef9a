/** The three kinds of tracepoints, on system calls of this process. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { traced } from '../../bpf/traced.bpf.js';
import { runScript } from '../../support/child.js';
import { callGetppid, watchGetppid } from '../../support/getppid.js';
import { need } from '../../support/need.js';
import { program } from '../../support/program.js';

describe('tracepoints', () => {
  it('each see every call', async context => {
    need(context, 'tracepoint');
    need(context, 'raw_tp');
    need(context, 'tp_btf');
    await using bpf = await traced.load(watchGetppid);
    const { plain, raw, typed } = bpf.programs;
    await plain.attach({ category: 'syscalls', name: 'sys_enter_getppid' });
    await raw.attach({ name: 'sys_enter' });
    await typed.attach();
    callGetppid(9);
    const { by_tracepoint, by_raw, by_btf } = bpf.globals.bss;
    expect([by_tracepoint, by_raw, by_btf]).toEqual([9n, 9n, 9n]);
  });

  it('without a name in the section have to be told, and unknown ones are named', async () => {
    await using bpf = await traced.load(watchGetppid);
    const { plain, raw } = bpf.programs;
    const bare = plain as unknown as { attach(): Promise<unknown> };
    await expect(bare.attach()).rejects.toThrow(/SEC\("tp"\) does not say the category/);
    await expect(plain.attach({ category: 'sched', name: 'nothing' })).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('no tracepoint sched:nothing'),
    });
    await expect(raw.attach({ name: 'nothing' })).rejects.toMatchObject({ code: 'ENOENT' });
    const { skipped } = await bpf.attach();
    expect(skipped.map(({ program }) => program)).toEqual(['plain', 'raw']);
  });

  it('that the kernel gives no perf event for say so, and do not blame tracefs', async context => {
    need(context, 'tracepoint');
    const script = `
      import { load } from 'libbpf-ts';
      const bpf = await load(${JSON.stringify(object)}, { rodata: { target_pid: process.pid } });
      const attached = bpf.programs.plain.attach({ category: 'syscalls', name: 'sys_enter_getppid' });
      console.log(await attached.catch(error => error.message));
      await bpf.close();`;
    const { stdout, stderr } = await runScript(script, [], [withoutCall, perfEventOpen]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^attach plain to .*: EPERM, the kernel refuses this process perf_event_open\(2\)/,
    );
    expect(stdout).toMatch(/a seccomp filter or lockdown may refuse it too\)$/m);
  });
});

const object = new URL('../../bpf/traced.bpf.o', import.meta.url).pathname;
const withoutCall = program(new URL('../../support/without-call.c', import.meta.url));
/** As this machine's headers number it. */
const perfEventOpen =
  /__NR_perf_event_open (\d+)/.exec(
    execFileSync('gcc', ['-E', '-dM', '-include', 'sys/syscall.h', '-xc', '/dev/null'], { encoding: 'utf8' }),
  )?.[1] ?? '';

/** The three kinds of tracepoints, on system calls of this process. */
import { describe, expect, it } from 'vitest';
import { traced } from '../../bpf/traced.bpf.js';
import { callGetppid, watchGetppid } from '../../support/getppid.js';
import { need } from '../../support/need.js';

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
});

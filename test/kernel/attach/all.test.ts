/** Attaching a whole object: what is optional, what has an alternative, and what undoes the rest. */
import { describe, expect, it } from 'vitest';
import { tracepoint } from '../../bpf/tracepoint.bpf.js';
import { callGetppid } from '../../support/getppid.js';

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

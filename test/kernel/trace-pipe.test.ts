/** What programs write for people: the kernel's trace. */
import { type LoadedObject, type TraceLine, tracePipe } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { prints } from '../bpf/prints.bpf.js';
import { ended } from '../support/child.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';
import { mountTracefs } from '../support/tracefs.js';

const factor = Number(process.env.LIBBPF_TS_TIME_FACTOR ?? 1);

type Prints = LoadedObject<typeof prints.description>;

async function attached(): Promise<Prints> {
  const bpf = await prints.load(watchGetppid);
  await bpf.attach();
  return bpf;
}

describe('the trace', () => {
  it('gives what was asked for, in parts', async context => {
    need(context, 'trace_pipe');
    mountTracefs();
    await using bpf = await attached();
    using trace = tracePipe({ tids: [process.pid], prefix: 'libbpf-ts ' });
    trace.drain();
    callGetppid(3);
    const lines: TraceLine[] = [];
    // Where a line is missing, the rest says which.
    const signal = AbortSignal.timeout(factor * 5000);
    const reading = (async () => {
      for await (const line of trace.events({ pollInterval: 10, signal })) if (lines.push(line) === 3) break;
    })();
    await reading.catch(error => expect(error).toMatchObject({ name: 'TimeoutError' }));
    expect(lines.map(({ message }) => message)).toEqual(
      [1, 2, 3].map(call => `libbpf-ts ${call} of ${process.pid}`),
    );
    expect(lines[0]).toMatchObject({ tid: process.pid, writer: 'bpf_trace_printk' });
    expect(lines[0]?.time).toBeGreaterThan(0n);
    expect(bpf.globals.bss.calls).toBe(3);
  });

  it('leaves out what others wrote', async context => {
    need(context, 'trace_pipe');
    mountTracefs();
    await using bpf = await attached();
    using trace = tracePipe({ tids: [1] });
    callGetppid(3);
    expect(trace.drain()).toEqual([]);
    expect(bpf.globals.bss.calls).toBe(3);
  });

  it('says where tracefs is missing', async () => {
    const script = `
      import { execFileSync } from 'node:child_process';
      import { tracePipe } from 'libbpf-ts';
      for (const path of ['/sys/kernel/debug', '/sys/kernel/tracing'])
        execFileSync('mount', ['-t', 'tmpfs', 'none', path]);
      try { tracePipe() } catch (error) { console.log(error.message) }`;
    const { stdout } = await ended('unshare', [
      '--mount',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ]);
    expect(stdout).toMatch(/open .*trace_pipe: ENOENT, tracefs is not mounted \(mount -t tracefs/);
    expect(() => tracePipe({ folder: '/nowhere' } as never)).toThrow(/there is no option folder/);
  });
});

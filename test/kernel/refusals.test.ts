/** What the kernel refuses: the error says what, why, and what to do. */
import { VerifierError } from 'libbpf-ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { rejected } from '../bpf/rejected.bpf.js';
import { tracepoint } from '../bpf/tracepoint.bpf.js';
import { runScript } from '../support/child.js';
import { bpfDescriptors } from '../support/descriptors.js';
import { callGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

const probeObject = new URL('../bpf/probe.bpf.o', import.meta.url).pathname;
const tracepointObject = new URL('../bpf/tracepoint.bpf.o', import.meta.url).pathname;

describe('the verifier', () => {
  it('is quoted whole, with its verdict in the message', async () => {
    const before = bpfDescriptors();
    const failure = await rejected.load().catch(error => error);
    expect(failure).toBeInstanceOf(VerifierError);
    expect(failure).toMatchObject({ code: 'ERR_BPF_VERIFIER', program: 'unchecked', errno: -13 });
    expect(failure.message).toMatch(
      /load rejected: .* program unchecked .*R\d invalid mem access 'map_value_or_null'/,
    );
    expect(failure.verifierLog).toMatch(/processed \d+ insns/);
    expect(bpfDescriptors()).toBe(before);
    expect(() => rejected.loadSync()).toThrow(failure.message);
  });
});

describe('tracepoints', () => {
  beforeEach(context => need(context, 'tracepoint'));

  it('attach where tracefs is mounted', async () => {
    await using bpf = await tracepoint.load({ rodata: { target_pid: process.pid } });
    const { links, skipped } = await bpf.attach();
    expect(Object.keys(links)).toEqual(['asked']);
    expect(skipped).toEqual([{ program: 'absent', reason: 'its autoload was off' }]);
    callGetppid(12);
    expect(bpf.globals.bss.hits).toBe(12n);
  });

  it('that this kernel does not have are named, and the others detached again', async () => {
    const opened = await tracepoint.open({ rodata: { target_pid: process.pid } });
    opened.programs.absent.autoload = true;
    await using bpf = await opened.load();
    await expect(bpf.attach()).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringMatching(
        /attach absent .*no tracepoint syscalls:sys_enter_no_such_call.*available_events/,
      ),
    });
    callGetppid(5);
    expect(bpf.globals.bss.hits).toBe(0n);
  });

  it('without tracefs say what to mount', async () => {
    const script = `
      import { load } from 'libbpf-ts';
      await using bpf = await load(${JSON.stringify(tracepointObject)});
      await bpf.attach().catch(error => console.log(error.code, error.message));
    `.replace('await using', 'const');
    const unmount = 'umount -l /sys/kernel/tracing /sys/kernel/debug 2>/dev/null; exec "$@"';
    const { stdout } = await runScript(script, [], ['unshare', '-m', 'sh', '-c', unmount, 'sh']);
    expect(stdout).toMatch(
      /^ENOENT .*tracefs is not mounted.*mount -t tracefs tracefs \/sys\/kernel\/tracing/,
    );
  });
});

describe('a process without privilege', () => {
  const script = `
    import { open } from 'libbpf-ts';
    const opened = await open(${JSON.stringify(probeObject)});
    console.log(Object.keys(opened.maps).join());
    await opened.load().catch(error => console.log(error.code, error.message));
  `;

  it('can open and list, and is told what loading takes', async () => {
    const drop = ['setpriv', '--inh-caps=-all', '--bounding-set=-all']; // still root, whose clone nobody else may read
    const { stdout, stderr } = await runScript(script, [], drop);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^counts,tallies,slots,jumps,events\nEPERM load probe: EPERM, .*\(run as root or grant CAP_BPF and CAP_PERFMON/,
    );
    expect(stdout).not.toContain('ulimit');
  });
});

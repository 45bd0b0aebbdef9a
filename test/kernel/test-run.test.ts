/** Programs that run without being attached, on data and contexts of the test's own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOlderThan } from '../../lib/host/kernel.js';
import { dummy } from '../bpf/dummy.bpf.js';
import { thisKernel } from '../support/kernel.js';
import { need, obstacle } from '../support/need.js';
import { frame, has, loaded } from '../support/runs.js';

let bpf: Awaited<ReturnType<typeof loaded>>;
beforeAll(async () => {
  bpf = await loaded();
});
afterAll(() => bpf.close());

describe('a test run of an XDP program', () => {
  it('gives a verdict, the frame, and the time that it took', async () => {
    const { guard } = bpf.programs;
    const passed = await guard.testRun({ data: frame });
    expect(passed).toMatchObject({ retval: 2, metadata: new Uint8Array() });
    expect(passed.data).toEqual(frame.with(13, 0x5a));
    expect(passed.duration).toBeTypeOf('bigint');
    expect(guard.testRunSync({ data: frame.with(0, 1) })).toMatchObject({
      retval: 1,
      data: frame.with(0, 1),
    });
    expect(await guard.testRun({ data: frame.with(0, 2).slice(0, 17) })).toMatchObject({ retval: 3 });
  });

  it('runs as often as is said', async () => {
    const before = bpf.globals.bss.calls;
    await bpf.programs.guard.testRun({ data: frame, repeat: 1_000 });
    expect(bpf.globals.bss.calls - before).toBe(1_000n);
  });

  it('has metadata and a context where the kernel gives them', async context => {
    need(context, 'test_run.xdp_context');
    const { with_metadata: program, queue } = bpf.programs;
    const run = await program.testRun({ data: frame, metadata: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
    expect(run.retval).toBe(8);
    expect([...run.metadata]).toEqual([0x44, 0x33, 0x22, 0x11, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(run.data).toEqual(frame);
    const came = { ingressIfindex: 1, rxQueueIndex: 0 };
    expect(await queue.testRun({ data: frame, context: came })).toMatchObject({ retval: 10, context: came });
    const none = queue.testRun({ data: frame, context: { ingressIfindex: 0x7fffffff } });
    await expect(none).rejects.toThrow(/ENODEV, its context names an interface that this network namespace/);
    const far = queue.testRun({ data: frame, context: { ingressIfindex: 1, rxQueueIndex: 9 } });
    await expect(far).rejects.toThrow(/EINVAL, its context .* \(rxQueueIndex needs an ingressIfindex/);
  });

  it('takes more than 32 bytes of metadata from Linux 6.8 on', async context => {
    need(context, 'test_run.xdp_context');
    const run = bpf.programs.guard.testRun({ data: frame, metadata: new Uint8Array(36).fill(7) });
    if (!isOlderThan('6.8')) expect((await run).metadata).toEqual(new Uint8Array(36).fill(7));
    else await expect(run).rejects.toThrow(/EINVAL, metadata of more than 32 bytes needs Linux 6\.8/);
  });

  it('takes frames of several pages', async context => {
    need(context, 'xdp.frags');
    const data = Uint8Array.from({ length: 9_000 }, (_, at) => at);
    const run = await bpf.programs.longer.testRun({ data });
    expect(run.retval).toBe(9_000);
    expect(run.data).toEqual(data);
  });

  it('sends live frames, of which no data comes back', async context => {
    need(context, 'test_run.xdp_live');
    const before = bpf.globals.bss.calls;
    const run = await bpf.programs.guard.testRun({
      data: frame.with(0, 1),
      live: true,
      repeat: 100,
      batchSize: 8,
    });
    expect(run).toMatchObject({ data: new Uint8Array(), context: undefined });
    expect(bpf.globals.bss.calls - before).toBe(100n);
  });
});

describe('a test run of a program that sees packets', () => {
  it('has the whole packet, however long it has become', async () => {
    const { data, context, retval } = await bpf.programs.grow.testRun({ data: frame });
    expect(retval).toBe(0);
    expect(data.length).toBe(8_064);
    expect(data.subarray(0, 64)).toEqual(frame);
    expect(context).toMatchObject({ ifindex: 1, mark: 0 });
  });

  it('has a context in and out, and a signed result', async () => {
    const given = { mark: 41, cb: [4, 0, 0, 0, 0], tstamp: 5n };
    const { retval, context } = await bpf.programs.marked.testRun({ data: frame, context: given });
    expect(retval).toBe(-1);
    expect(context).toMatchObject({ mark: 41, priority: 42, cb: [4, 0, 0, 0, 8], tstamp: 5n });
    expect(bpf.programs.length.testRunSync({ data: frame })).toMatchObject({ retval: 50 });
    const short = bpf.programs.marked.testRun({ data: frame, context: { wireLen: 3 } });
    await expect(short).rejects.toThrow(/EINVAL, .*wireLen is at least the length of the packet/);
  });

  it('names the version of Linux that brought what is missing', async () => {
    // Stable kernels got it later than theirs, some of them.
    const run = await bpf.programs.marked.testRun({ data: frame, checksumComplete: true }).catch(String);
    const refused = /EINVAL, checksumComplete of such a run needs Linux 6\.11, and this is/;
    if (typeof run !== 'string' || has('test_run.checksum')) expect(run).toMatchObject({ retval: -1 });
    else expect(run).toMatch(refused);
    const framed = bpf.programs.guard.testRun({ data: frame, context: {} });
    if (has('test_run.xdp_context'))
      await expect(framed).resolves.toMatchObject({ data: expect.any(Uint8Array) });
    else await expect(framed).rejects.toThrow(/EINVAL, context of such a run needs Linux 5\.15, and this is/);
  });

  it('tells what a flow dissector found', async () => {
    const { retval, keys } = await bpf.programs.dissected.testRun({ data: frame, flags: ['parse_1st_frag'] });
    const says = obstacle({ since: '6.1', config: [] }, thisKernel()) === undefined;
    expect(retval).toBe(says ? 0 : 1); // before, whether it dissected
    expect(keys).toMatchObject({
      nhoff: 14,
      ipProto: 56,
      dport: 443,
      ipv4Src: '10.0.0.1',
      flags: ['parse_1st_frag'],
    });
  });

  it('gives netfilter what begins with the IP header', async context => {
    need(context, 'test_run.netfilter');
    expect(await bpf.programs.filtered.testRun({ data: new Uint8Array(30) })).toMatchObject({ retval: 1 });
    expect(await bpf.programs.filtered.testRun({ data: new Uint8Array(50) })).toMatchObject({ retval: 0 });
  });
});

describe('a test run of other programs', () => {
  it('gives a raw tracepoint its arguments, on the CPU that is wanted', async () => {
    const { traced } = bpf.programs;
    for (const cpu of [0, undefined]) {
      const options = { context: [7n, 0xffff_ffff_ffff_fff0n], ...(cpu === undefined ? {} : { cpu }) };
      expect(await traced.testRun(options)).toEqual({ retval: 7 });
      expect(bpf.globals.bss.argument).toBe(0xffff_ffff_ffff_fff0n);
      if (cpu !== undefined) expect(bpf.globals.bss.cpu).toBe(cpu);
    }
    await expect(traced.testRun({ context: [7n] })).rejects.toThrow(/EINVAL, the context has fewer numbers/);
  });

  it('asks for a socket', async context => {
    need(context, 'test_run.sk_lookup');
    const packet = {
      family: 'ipv4',
      protocol: 'udp',
      remoteIp4: '1.2.3.4',
      remotePort: 53,
      localPort: 77,
    } as const;
    const run = await bpf.programs.looked_up.testRun({ context: packet });
    expect(run).toMatchObject({ retval: 0, cookie: 0n });
    expect(bpf.globals.bss).toMatchObject({ argument: 77n, cpu: 0x04030201 });
    await expect(bpf.programs.looked_up.testRun({ context: { family: 3 } })).rejects.toThrow(
      /EAFNOSUPPORT, family/,
    );
  });

  it('gives a syscall program the struct that its source says', async context => {
    need(context, 'syscall');
    const { multiply, untyped } = bpf.programs;
    const question = { left: 6, right: 7, product: 0n, note: 'ask' };
    const { retval, context: answer } = await multiply.testRun({ context: question });
    expect({ retval, answer }).toEqual({ retval: -3, answer: { ...question, product: 42n, note: 'ksk' } });
    expect(await untyped.testRun()).toEqual({ retval: 5, context: new Uint8Array() });
    const wrong = multiply.testRun({ context: { left: 6 } as typeof question });
    await expect(wrong).rejects.toThrow(/ERR_BPF_ARGUMENT, its context does not fit: .*right/);
  });

  it('calls a struct_ops program with the arguments of its function', async context => {
    need(context, 'test_run.struct_ops');
    await using ops = await dummy.load();
    const { test_1 } = ops.programs;
    expect(await test_1.testRun({ context: [0n] })).toEqual({ retval: 4_321 });
    await expect(test_1.testRun({ context: [0n, 1n] })).rejects.toThrow(
      /EINVAL, the context has not as many numbers/,
    );
  });

  it('runs what a traced program is attached to', async context => {
    need(context, 'fentry');
    using _link = await bpf.programs.entered.attach();
    const before = bpf.globals.bss.calls;
    expect(await bpf.programs.entered.testRun()).toEqual({ retval: 0 });
    expect(bpf.globals.bss.calls - before).toBe(1n);
  });
});

/** What testRun() takes and answers follows from the section; what cannot be run does not compile. */
import type { FlowKeys, LoadedObject, Program, XdpContext } from 'libbpf-ts';
import { describe, expectTypeOf, it } from 'vitest';
import type { Question, runs } from '../bpf/runs.bpf.js';

declare const bpf: LoadedObject<typeof runs.description>;
declare const data: Uint8Array;
declare function program<Section extends string>(section: Section): Program<Section>;

describe('testRun()', () => {
  it('takes what programs of the type take', () => {
    bpf.programs.guard.testRun({ data, repeat: 5, context: { ingressIfindex: 1 } });
    bpf.programs.guard.testRun({ data, live: true, batchSize: 8 });
    program('tcx/ingress').testRun({ data, context: { mark: 1 }, checksumComplete: true });
    program('raw_tp/sys_enter').testRun({ context: [1n], cpu: 1 });
    program('fentry/do_exit').testRun();
    // @ts-expect-error which frame?
    bpf.programs.guard.testRun({});
    // @ts-expect-error XDP programs run on the CPU that asks
    bpf.programs.guard.testRun({ data, cpu: 1 });
    // @ts-expect-error packets have no queue there
    bpf.programs.marked.testRun({ data, context: { rxQueueIndex: 1 } });
    // @ts-expect-error a tracepoint has no data
    bpf.programs.traced.testRun({ data });
    // @ts-expect-error its arguments are bigints
    bpf.programs.traced.testRun({ context: [1] });
    // @ts-expect-error what is to be looked up?
    program('sk_lookup').testRun();
  });

  it('answers what they answer', () => {
    expectTypeOf(bpf.programs.guard.testRun({ data })).resolves.toHaveProperty('context');
    expectTypeOf(bpf.programs.guard.testRunSync({ data }).context).toEqualTypeOf<XdpContext | undefined>();
    expectTypeOf(bpf.programs.dissected.testRunSync({ data }).keys).toEqualTypeOf<FlowKeys>();
    // @ts-expect-error it has a result alone
    bpf.programs.traced.testRunSync().duration;
  });

  it('gives a syscall program the type of its source', () => {
    const { context } = bpf.programs.multiply.testRunSync({ context: {} as Question });
    expectTypeOf(context).toEqualTypeOf<Question>();
    expectTypeOf(bpf.programs.untyped.testRunSync().context).toEqualTypeOf<Uint8Array>();
    // @ts-expect-error it has two numbers more
    bpf.programs.multiply.testRun({ context: { left: 1 } });
    // @ts-expect-error which question?
    bpf.programs.multiply.testRun();
  });

  it('says in a sentence why it cannot', () => {
    // @ts-expect-error the kernel runs no programs of this section by themselves
    bpf.programs.not_by_itself.testRun({ data });
    // @ts-expect-error devices run them
    program('xdp/devmap').testRun({ data });
  });

  it('lets any program stand where any may', () => {
    expectTypeOf(bpf.programs.not_by_itself).toExtend<Program>();
    expectTypeOf(bpf.programs.traced).toExtend<Program>();
  });
});

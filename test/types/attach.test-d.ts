/** What attach() takes follows from the section; what cannot work does not compile. */
import type { IterLink, Link, LoadedObject, Program } from 'libbpf-ts';
import { describe, expectTypeOf, it } from 'vitest';
import type { sampled } from '../bpf/sampled.bpf.js';
import type { user } from '../bpf/user.bpf.js';

declare const bpf: LoadedObject<typeof user.description>;
declare const samples: LoadedObject<typeof sampled.description>;
declare function program<Section extends string>(section: Section): Program<Section>;

describe('attach()', () => {
  it('needs what the section does not say', () => {
    bpf.programs.called.attach({ binary: '/bin/bash', function: 'readline', cookie: 1n });
    // @ts-expect-error which file?
    bpf.programs.called.attach();
    // @ts-expect-error a cookie is a bigint
    bpf.programs.called.attach({ binary: '/bin/bash', function: 'readline', cookie: 1 });
    // @ts-expect-error a function of the kernel has no file
    program('kprobe').attach({ binary: '/bin/bash' });
    // @ts-expect-error which event?
    samples.programs.sample.attach();
    // @ts-expect-error there is no such event
    samples.programs.sample.attach({ event: 'cpu-clack' });
    // @ts-expect-error programs of SEC("tp") run at tracepoints
    samples.programs.sample.attach({ event: { tracepoint: 1 } });
  });

  it('lets options say more than the section', () => {
    expectTypeOf(program('kprobe/do_unlinkat').attach).toBeCallableWith();
    expectTypeOf(program('kprobe/do_unlinkat').attach).toBeCallableWith({ cookie: 1n });
    expectTypeOf(program('tp_btf/sys_enter').attach).toBeCallableWith();
    expectTypeOf(program('usdt/./a:shop:sold').attach).toBeCallableWith({ pid: 1 });
  });

  it('takes several names of one target, and of nothing else', () => {
    expectTypeOf(program('kprobe').attach).toBeCallableWith({ function: ['free_it', 'free_it.isra.0'] });
    expectTypeOf(program('raw_tp').attach).toBeCallableWith({ name: ['sys_enter', 'sys_exit'], cookie: 1n });
    expectTypeOf(bpf.attach).toBeCallableWith({ options: { called: { binary: 'a', function: ['b', 'c'] } } });
    // @ts-expect-error a probe has one file
    bpf.programs.called.attach({ binary: ['a', 'b'], function: 'c' });
    // @ts-expect-error the object has no such program
    bpf.attach({ options: { absent: {} } });
    // @ts-expect-error a cookie is a bigint
    bpf.attach({ options: { called: { binary: 'a', function: 'b', cookie: 1 } } });
  });

  it('says in a sentence why it cannot', () => {
    // @ts-expect-error it attaches through its map
    program('struct_ops/init').attach();
    // @ts-expect-error it is not attached but run
    program('syscall').attach({});
    // @ts-expect-error libbpf knows no such section
    program('kprob/x').attach();
  });

  it('gives links, of iterators such that can be read', () => {
    expectTypeOf(samples.programs.tasks.attach).returns.resolves.toEqualTypeOf<IterLink>();
    expectTypeOf(bpf.programs.called.attach).returns.resolves.toEqualTypeOf<Link>();
    expectTypeOf(program('' as string).attach).returns.resolves.toEqualTypeOf<Link>();
  });
});

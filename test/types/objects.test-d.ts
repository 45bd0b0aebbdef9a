/** What must not compile: names, keys, values, phases and variables that an object does not have. */
import type { BpfMap, Link, LoadedObject, OpenObject, PerCpuArray, RingBuffer } from 'libbpf-ts';
import { describe, expectTypeOf, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';

type Probe = typeof probe.description;
declare const opened: OpenObject<Probe>;
declare const bpf: LoadedObject<Probe>;

describe('maps', () => {
  it('have the types of their keys and values', () => {
    expectTypeOf(bpf.maps.counts).toEqualTypeOf<BpfMap<number, bigint, 'hash'>>();
    expectTypeOf(bpf.maps.tallies.get).returns.toEqualTypeOf<{ calls: bigint; last: number }[] | undefined>();
    expectTypeOf(bpf.maps.tallies).toExtend<
      PerCpuArray<number, { calls: bigint; last: number }, 'percpu_array'>
    >();
    expectTypeOf(bpf.maps.events).toExtend<
      RingBuffer<{ sequence: bigint; pid: number; id: number; comm: string }>
    >();
  });

  it('refuse wrong names, keys, values and flags', () => {
    // @ts-expect-error there is no such map
    bpf.maps.countz;
    // @ts-expect-error the key is a number
    bpf.maps.counts.get('1');
    // @ts-expect-error the value is a bigint
    bpf.maps.counts.set(1, 1);
    // @ts-expect-error there is no such flag
    bpf.maps.counts.set(1, 1n, 'never');
    // @ts-expect-error `last` is missing
    bpf.maps.slots.set(1, { calls: 1n });
    // @ts-expect-error a value for each CPU
    bpf.maps.tallies.set(1, { calls: 1n, last: 1 });
    // @ts-expect-error a ring buffer has no keys
    bpf.maps.events.get(1);
    // @ts-expect-error entries of an array stay
    bpf.maps.slots.delete(1);
  });
});

describe('programs', () => {
  it('know their sections', () => {
    expectTypeOf(bpf.programs.entered.section).toEqualTypeOf<'raw_tp/sys_enter'>();
    expectTypeOf(bpf.programs.entered.attach).returns.resolves.toEqualTypeOf<Link>();
    expectTypeOf<keyof typeof bpf.programs>().toEqualTypeOf<'entered' | 'passed'>();
    // @ts-expect-error there is no such program
    bpf.programs.exited;
  });
});

describe('globals', () => {
  it('have the types of their variables', () => {
    expectTypeOf(bpf.globals.bss.seen).toEqualTypeOf<bigint>();
    expectTypeOf(bpf.globals.data.note).toEqualTypeOf<string>();
    bpf.globals.bss.seen = 0n;
    // @ts-expect-error a bigint
    bpf.globals.bss.seen = 0;
    // @ts-expect-error constants cannot change after load
    bpf.globals.rodata.target_pid = 1;
    // @ts-expect-error there is no such variable
    bpf.globals.bss.hidden;
  });

  it('are set before load', () => {
    opened.globals.rodata.target_pid = 1;
    expectTypeOf(probe.load).toBeCallableWith({ rodata: { target_pid: 1 } });
    // @ts-expect-error there is no such variable
    probe.load({ rodata: { target_pit: 1 } });
    // @ts-expect-error the pid is a number
    probe.load({ rodata: { target_pid: '1' } });
    // @ts-expect-error there is no such section
    probe.load({ rodatum: {} });
  });
});

describe('phases', () => {
  it('differ in what can be done', () => {
    expectTypeOf(opened.load).returns.resolves.toEqualTypeOf<LoadedObject<Probe>>();
    opened.maps.counts.maxEntries = 1;
    opened.programs.passed.autoload = false;
    // @ts-expect-error sizes are settled by load
    bpf.maps.counts.maxEntries = 1;
    // @ts-expect-error nothing is in the map yet
    opened.maps.counts.get(1);
    // @ts-expect-error nothing can be attached yet
    opened.attach();
    // @ts-expect-error nothing can be attached yet
    opened.programs.entered.attach();
    // @ts-expect-error it is loaded already
    bpf.load();
  });
});

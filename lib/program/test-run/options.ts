/**
 * The types of `testRun()`: from the section's text to what it takes and what it answers. Limits are those of
 * bpf_prog_test_run_xdp() and bpf_prog_test_run_skb() in net/bpf/test_run.c.
 */
import type { SectionMatch } from '../../attach/arguments.js';
import type { TestRunKindName, TestRunSections } from '../../kinds/test-runs.js';
import type { FlowDissectorFlag, FlowKeys, SkbContext, SkLookupContext, XdpContext } from './contexts.js';

/** How often. */
export interface RepeatOptions {
  /** How many times it runs, on the same data: 1 to 2,147,483,647; 1 where it is not said. */
  readonly repeat?: number;
}

/** A frame for an XDP program, as bytes in memory. */
export interface XdpRunOptions extends RepeatOptions {
  /** From the Ethernet header on: 14 bytes or more; more than a page with `SEC("xdp.frags")` only. */
  readonly data: Uint8Array;
  /**
   * What stands before the frame at `data_meta`: up to 252 bytes, before Linux 6.8 up to 32, a multiple of 4
   * (xdp_metalen_invalid() in include/net/xdp.h).
   *
   * @since Linux 5.15
   */
  readonly metadata?: Uint8Array;
  /** @since Linux 5.15 */
  readonly context?: Partial<XdpContext>;
  /**
   * True: frames go where the program sends them: XDP_TX and redirects out of interfaces, XDP_PASS up the stack of
   * the interface that `context` names. Nothing comes back but figures (bpf_test_run_xdp_live() in
   * net/bpf/test_run.c).
   * @since Linux 5.18
   */
  readonly live?: boolean;
  /** Of live frames, how many at once: 1 to 256; 64 where it is not said. */
  readonly batchSize?: number;
}

/** A packet for a program that sees `struct __sk_buff`. */
export interface SkbRunOptions extends RepeatOptions {
  /**
   * From the Ethernet header on: 14 bytes or more, up to a page less head and tail room (bpf_test_init() in
   * net/bpf/test_run.c).
   */
  readonly data: Uint8Array;
  readonly context?: Partial<SkbContext>;
  /**
   * The packet has a whole checksum, and a program that leaves it wrong fails with `EBADMSG` (bpf_prog_test_run_skb()
   * in net/bpf/test_run.c).
   *
   * @since Linux 6.11
   */
  readonly checksumComplete?: boolean;
}

/** A packet for a flow dissector. */
export interface FlowDissectorRunOptions extends RepeatOptions {
  /** From the Ethernet header on: 14 bytes or more. */
  readonly data: Uint8Array;
  /** How it is asked to go on. */
  readonly flags?: readonly FlowDissectorFlag[];
}

/** Arguments of a tracepoint. */
export interface RawTracepointRunOptions {
  /** As the program sees them in `ctx->args`: up to 12. */
  readonly context?: readonly bigint[];
  /** Where it runs; here, where it is not said. */
  readonly cpu?: number;
}

/** A packet that a socket is looked up for. */
export interface SkLookupRunOptions extends RepeatOptions {
  readonly context: Partial<SkLookupContext>;
}

/** Arguments of the function of `struct bpf_dummy_ops` that the program stands for. */
export interface StructOpsRunOptions {
  readonly context: readonly bigint[];
}

/** A packet for a netfilter program. */
export interface NetfilterRunOptions extends RepeatOptions {
  /** From the IP header on: 20 bytes or more. */
  readonly data: Uint8Array;
}

/** What the program is given, by the type that its source says. */
export interface SyscallRunOptions<Context> {
  /** A copy goes to the program, and comes back as it left it. */
  readonly context: Context;
}

/** What every run answers. */
export interface TestRun {
  /** What the program returned, as a signed number. */
  readonly retval: number;
}

/** What a run answers that is timed. */
export interface TimedRun extends TestRun {
  /** Nanoseconds of one run, on the average. */
  readonly duration: bigint;
}

/** Of an XDP program. */
export interface XdpRun extends TimedRun {
  /** The frame as the program left it; empty of live frames. */
  readonly data: Uint8Array;
  /** What stands before it; empty before Linux 5.15. */
  readonly metadata: Uint8Array;
  /** Undefined before Linux 5.15, and of live frames. */
  readonly context: XdpContext | undefined;
}

/** Of a program that sees `struct __sk_buff`. */
export interface SkbRun extends TimedRun {
  /** The packet as the program left it. */
  readonly data: Uint8Array;
  readonly context: SkbContext;
}

/**
 * Of a flow dissector. Before Linux 6.1 `retval` is 1 for BPF_OK, and 0 for all else (bpf_flow_dissect() in
 * net/core/flow_dissector.c).
 */
export interface FlowDissectorRun extends TimedRun {
  readonly keys: FlowKeys;
}

/** Of a socket lookup. */
export interface SkLookupRun extends TimedRun {
  /** Of the socket that the program chose; 0n for none. */
  readonly cookie: bigint;
}

/** Of a syscall program. */
export interface SyscallRun<Context> extends TestRun {
  readonly context: Context;
}

/** What each kind takes; where there is no context type in the source, it is bytes. */
export interface TestRunOptionsByKind<Context> {
  xdp: XdpRunOptions;
  skb: SkbRunOptions;
  flow_dissector: FlowDissectorRunOptions;
  tracing: Record<never, never>;
  raw_tracepoint: RawTracepointRunOptions;
  sk_lookup: SkLookupRunOptions;
  syscall: Context extends Uint8Array ? Partial<SyscallRunOptions<Context>> : SyscallRunOptions<Context>;
  struct_ops: StructOpsRunOptions;
  netfilter: NetfilterRunOptions;
}

/** What each kind answers. */
export interface TestRunByKind<Context> {
  xdp: XdpRun;
  skb: SkbRun;
  flow_dissector: FlowDissectorRun;
  tracing: TestRun;
  raw_tracepoint: TestRun;
  sk_lookup: SkLookupRun;
  syscall: SyscallRun<Context>;
  struct_ops: TestRun;
  netfilter: TimedRun;
}

/** The kind of test run that a section means, as `xdp`; `never` for none. */
export type TestRunKindOf<S extends string> = {
  [Kind in TestRunKindName]: [SectionMatch<S, TestRunSections[Kind]>] extends [never] ? never : Kind;
}[TestRunKindName];

/** A type error that is a sentence. */
export interface CannotTestRun<Why extends string> {
  readonly 'this program cannot be run for a test': Why;
  /** Shared with what others take, so that its program can stand where any program may. */
  readonly data?: never;
}

/** For programs whose section is known at run time only. */
export type AnyTestRunOptions = Partial<
  Omit<XdpRunOptions & SkbRunOptions & FlowDissectorRunOptions & RawTracepointRunOptions, 'context'>
> & {
  readonly context?: object;
};

/** What comes of {@link AnyTestRunOptions}. */
export type AnyTestRun = TestRun &
  Partial<Omit<XdpRun & SkbRun & FlowDissectorRun & SkLookupRun, keyof TestRun | 'context'>> & {
    readonly context?: unknown;
  };

/** What `testRun()` takes for a program of section `S`. */
export type TestRunArguments<S extends string, Context> = string extends S
  ? [options?: AnyTestRunOptions]
  : [TestRunKindOf<S>] extends [never]
    ? [cannot: CannotTestRun<`the kernel runs no programs of SEC("${S}") by themselves`>]
    : Record<never, never> extends TestRunOptionsByKind<Context>[TestRunKindOf<S>]
      ? [options?: TestRunOptionsByKind<Context>[TestRunKindOf<S>]]
      : [options: TestRunOptionsByKind<Context>[TestRunKindOf<S>]];

/** What `testRun()` answers for a program of section `S`. */
export type TestRunOf<S extends string, Context> = string extends S
  ? AnyTestRun
  : [TestRunKindOf<S>] extends [never]
    ? never
    : TestRunByKind<Context>[TestRunKindOf<S>];

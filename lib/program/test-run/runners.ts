/** For each kind of program: its options as `BPF_PROG_TEST_RUN` takes them, and the answer as the caller gets it. */
import type { Codec } from '../../codec/index.js';
import { decode, encode, type StructCodec } from '../../codec/index.js';
import { isOlderThan } from '../../host/kernel.js';
import { type TestRunKindName, testRunKinds } from '../../kinds/test-runs.js';
import { flowKeys, skb, skLookup, xdpMd } from './contexts.js';
import type {
  FlowDissectorRunOptions,
  NetfilterRunOptions,
  RawTracepointRunOptions,
  SkbRunOptions,
  SkLookupRunOptions,
  StructOpsRunOptions,
  SyscallRunOptions,
  XdpRunOptions,
} from './options.js';

/** What goes to the kernel; nothing, or 0, where it is not said. */
export interface Request {
  readonly data?: Uint8Array;
  readonly context?: Uint8Array;
  /** Whether data comes back, and how many bytes of a context. */
  readonly answersData?: boolean;
  readonly contextRoom?: number;
  readonly flags?: number;
}

/** What comes back. */
export interface Answer {
  readonly retval: number;
  readonly duration: bigint;
  readonly data: Uint8Array;
  readonly context: Uint8Array;
}

/** One kind. `context`: the codec of a syscall program's own type. */
interface Runner {
  readonly request: (options: never, context: Codec<unknown> | undefined) => Request;
  readonly result: (answer: Answer, context: Codec<unknown> | undefined) => object;
}

/** `BPF_F_TEST_*`. */
const flags = { onCpu: 1, live: 2, checksumComplete: 4 } as const;

const none = new Uint8Array();

const xdp: Runner = {
  request({ data, metadata = none, context, live = false }: XdpRunOptions) {
    const whole = Buffer.concat([metadata, data]);
    const known =
      context !== undefined || metadata.length > 0 || !isOlderThan(testRunKinds.xdp.later.context);
    const given = { ...context, data: metadata.length, dataEnd: whole.length };
    return {
      data: whole,
      context: known ? written(xdpMd, given) : none,
      contextRoom: known && !live ? xdpMd.size : 0,
      answersData: !live,
      flags: live ? flags.live : 0,
    };
  },
  result({ retval, duration, data, context }) {
    // Without an answer it is what was given, of live frames, or nothing, of old kernels.
    const md = data.length > 0 && context.length > 0 ? readOf(xdpMd, context) : undefined;
    const { data: start = 0, ingressIfindex = 0, rxQueueIndex = 0 } = md ?? {};
    return {
      retval,
      duration,
      metadata: data.subarray(0, start),
      data: data.subarray(start),
      context: md && { ingressIfindex, rxQueueIndex },
    };
  },
};

const packet: Runner = {
  request({ data, context = {}, checksumComplete = false }: SkbRunOptions) {
    return {
      data,
      context: written(skb, context),
      contextRoom: skb.size,
      answersData: true,
      flags: checksumComplete ? flags.checksumComplete : 0,
    };
  },
  result: ({ retval, duration, data, context }) => ({
    retval,
    duration,
    data,
    context: readOf(skb, context),
  }),
};

const flowDissector: Runner = {
  request({ data, flags }: FlowDissectorRunOptions) {
    return { data, context: flags === undefined ? none : written(flowKeys, { flags }), answersData: true };
  },
  result: ({ retval, duration, data }) => ({ retval, duration, keys: readOf(flowKeys, data) }),
};

const lookup: Runner = {
  request: ({ context }: SkLookupRunOptions) => ({
    context: written(skLookup, context),
    contextRoom: skLookup.size,
  }),
  result: ({ retval, duration, context }) => ({ retval, duration, cookie: readOf(skLookup, context).cookie }),
};

const syscall: Runner = {
  request({ context }: Partial<SyscallRunOptions<unknown>>, codec) {
    if (context === undefined || context instanceof Uint8Array) return { context: context ?? none };
    return { context: codec === undefined ? none : encode(codec, context) };
  },
  result: ({ retval, context }, codec) => ({
    retval,
    context: codec === undefined ? context : decode(codec, context),
  }),
};

const retvalOnly = ({ retval }: Answer) => ({ retval });

/** By kind. */
export const runners: Readonly<Record<TestRunKindName, Runner>> = {
  xdp,
  skb: packet,
  flow_dissector: flowDissector,
  sk_lookup: lookup,
  syscall,
  tracing: { request: () => ({}), result: retvalOnly },
  struct_ops: {
    request: ({ context }: StructOpsRunOptions) => ({ context: words(context) }),
    result: retvalOnly,
  },
  raw_tracepoint: {
    request: ({ context = [], cpu }: RawTracepointRunOptions) => ({
      context: words(context),
      flags: cpu === undefined ? 0 : flags.onCpu,
    }),
    result: retvalOnly,
  },
  netfilter: {
    request: ({ data }: NetfilterRunOptions) => ({ data }),
    result: ({ retval, duration }) => ({ retval, duration }),
  },
};

/** Members that are not given are 0. */
function written<T extends object>(codec: StructCodec<T>, given: Partial<T>): Uint8Array {
  return encode(codec, { ...decode(codec, new Uint8Array(codec.size)), ...given });
}

/** Older kernels fill in less of the struct (bpf_ctx_finish() in net/bpf/test_run.c). */
function readOf<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const whole = new Uint8Array(codec.size);
  whole.set(bytes.subarray(0, codec.size));
  return decode(codec, whole);
}

function words(numbers: readonly bigint[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(numbers).buffer);
}

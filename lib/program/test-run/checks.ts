/** The options of `testRun()`, checked before the call. */

import { argumentError } from '../../errors/arguments.js';
import {
  type TestRunKind,
  type TestRunKindName,
  testRunKindOf,
  testRunKinds,
} from '../../kinds/test-runs.js';
import { native } from '../../native/native.js';
import { flowKeys, skb, skLookup, xdpMd } from './contexts.js';
import type { AnyTestRunOptions } from './options.js';

/** A program that is to run. */
export interface Subject {
  readonly operation: string;
  readonly section: string;
}

/** The shortest packet that the kernel takes, and where it starts (bpf_test_init() in net/bpf/test_run.c). */
const least: Partial<Record<TestRunKindName, readonly [bytes: number, from: string]>> = {
  xdp: [14, 'the Ethernet header'],
  skb: [14, 'the Ethernet header'],
  flow_dissector: [14, 'the Ethernet header'],
  netfilter: [20, 'the IP header'],
};

/** Members that may be set. */
const members: Partial<Record<TestRunKindName, readonly string[]>> = {
  xdp: Object.keys(xdpMd.layout).filter(name => !name.startsWith('data')),
  skb: Object.keys(skb.layout),
  flow_dissector: Object.keys(flowKeys.layout),
  sk_lookup: Object.keys(skLookup.layout).filter(name => name !== 'cookie'),
};

const mostRepeats = 0x7fff_ffff;
const mostInBatch = 256;
const mostMetadata = 252;
const mostArguments = 12;

/**
 * The kind of a section's programs, for which the options are fit.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what does not run by itself, and for what it does not take
 */
export function checkedKind({ operation, section }: Subject, options: AnyTestRunOptions): TestRunKindName {
  const complain = (reason: string, hint?: string) => {
    throw argumentError(operation, reason, hint);
  };
  const kind = testRunKindOf(section);
  if (section === '')
    return complain('the kernel does not tell its section', 'say its section when it is opened');
  if (kind === undefined)
    return complain(
      `the kernel runs no programs of SEC("${section}") by themselves`,
      'attach it, and cause its event',
    );
  for (const fault of faults(kind, options)) complain(fault);
  return kind;
}

function* faults(kind: TestRunKindName, options: AnyTestRunOptions): Generator<string> {
  const { takes }: TestRunKind = testRunKinds[kind];
  const stray = Object.keys(options).find(name => !takes.includes(name));
  if (stray !== undefined)
    yield `programs of its type take ${takes.join(', ') || 'nothing'}, and no ${stray}`;
  yield* dataFaults(kind, options);
  yield* contextFaults(kind, options.context);
  yield* count('repeat', options.repeat, 1, mostRepeats);
  yield* count('cpu', options.cpu, 0, native().numPossibleCpus() - 1);
  yield* count('batchSize', options.batchSize, 1, mostInBatch);
  if (options.batchSize !== undefined && options.live !== true) yield 'batchSize is for live frames';
}

function* dataFaults(kind: TestRunKindName, { data, metadata }: AnyTestRunOptions): Generator<string> {
  const [bytes, from] = least[kind] ?? [0, ''];
  if (bytes > 0 && !(data instanceof Uint8Array))
    yield `data is a Uint8Array from ${from} on, not ${String(data)}`;
  if (data !== undefined && data.length < bytes)
    yield `data has ${data.length} bytes; the kernel takes ${bytes} or more, from ${from} on`;
  if (metadata === undefined) return;
  if (!(metadata instanceof Uint8Array) || metadata.length > mostMetadata || metadata.length % 4 !== 0)
    yield `metadata is a Uint8Array of at most ${mostMetadata} bytes, a multiple of 4`;
}

function* contextFaults(kind: TestRunKindName, context: object | undefined): Generator<string> {
  const { takes }: TestRunKind = testRunKinds[kind];
  const known = members[kind];
  if (kind === 'sk_lookup' && context === undefined) yield 'it needs a context: { family, protocol, … }';
  const stray = known && Object.keys(context ?? {}).find(name => !known.includes(name));
  if (stray !== undefined) yield `of its context there are ${known?.join(', ')}, and no ${stray}`;
  const args = kind === 'raw_tracepoint' || kind === 'struct_ops';
  if (!args || !takes.includes('context') || context === undefined) return;
  const fits = Array.isArray(context) && context.every(each => typeof each === 'bigint');
  if (!fits || context.length > mostArguments)
    yield `its context is an array of at most ${mostArguments} bigints`;
}

function* count(name: string, value: number | undefined, from: number, to: number): Generator<string> {
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return;
  yield `${name} is a whole number from ${from} to ${to}, not ${value}`;
}

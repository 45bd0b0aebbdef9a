/** One test run: checked, run, its answer read or its error explained. */

import type { Codec } from '../../codec/index.js';
import { BpfError } from '../../errors/bpf-error.js';
import type { TestRunKindName } from '../../kinds/test-runs.js';
import { failed } from '../../native/errno.js';
import { type Flow, job } from '../../native/flow.js';
import type { ProgramHandle } from '../../native/native.js';
import { checkedKind, type Subject } from './checks.js';
import type { AnyTestRunOptions } from './options.js';
import { testRunError } from './refusal.js';
import { type Answer, type Request, runners } from './runners.js';

/** A loaded program; `context` is the codec of what a syscall program is given, where its source says a type. */
interface Runnable extends Subject {
  readonly handle: ProgramHandle;
  readonly context: Codec<unknown> | undefined;
}

/**
 * How much longer than its input a packet may come back. No helper makes one grow by more than a few pages, so that
 * nothing is cut off and no program has to run twice.
 */
const growth = 1 << 16;

const headerSize = 16;

/**
 * Runs a program.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what programs of its type do not take, or the errno's name
 */
export function* testRunFlow(program: Runnable, options: AnyTestRunOptions): Flow<object> {
  const kind = checkedKind(program, options);
  const request = requestOf(kind, program, options);
  const { data = empty, context = empty, flags = 0, answersData = false, contextRoom = 0 } = request;
  const [result, log] = yield* job(
    'programTestRun',
    program.handle,
    data,
    context,
    answersData ? data.length + growth : 0,
    contextRoom,
    options.repeat ?? 0,
    flags,
    options.cpu ?? 0,
    options.batchSize ?? 0,
  );
  if (failed(result)) throw testRunError(result, kind, program, options, log);
  return runners[kind].result(answerOf(result), program.context);
}

const empty = new Uint8Array();

function requestOf(kind: TestRunKindName, program: Runnable, options: AnyTestRunOptions): Request {
  try {
    return runners[kind].request(options as never, program.context);
  } catch (cause) {
    const reason = `its context does not fit: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new BpfError({ code: 'ERR_BPF_ARGUMENT', operation: program.operation, reason, cause });
  }
}

/** Four words, then data and context. */
function answerOf(bytes: Uint8Array): Answer {
  const words = new Uint32Array(new Uint8Array(bytes.subarray(0, headerSize)).buffer);
  const [retval = 0, duration = 0, dataSize = 0] = words;
  const rest = new Uint8Array(bytes.subarray(headerSize)); // and no Buffer, which nobody expects
  return {
    retval: retval | 0,
    duration: BigInt(duration),
    data: rest.subarray(0, dataSize),
    context: rest.subarray(dataSize),
  };
}

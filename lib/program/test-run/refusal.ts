/** Why a test run failed: errnos of bpf_prog_test_run() in kernel/bpf/syscall.c and of net/bpf/test_run.c. */

import type { BpfError } from '../../errors/bpf-error.js';
import { isOlderThan, kernelRelease } from '../../host/kernel.js';
import { privilegeHint } from '../../host/obstacles.js';
import { type TestRunKind, type TestRunKindName, testRunKinds } from '../../kinds/test-runs.js';
import { type Circumstances, errnoError, errnoName } from '../../native/errno.js';
import type { Subject } from './checks.js';
import type { AnyTestRunOptions } from './options.js';

/** Errnos of a kernel that lacks the call or an option, which wrong options have too. */
const unsupported = ['EINVAL', 'ENOTSUPP', 'EOPNOTSUPP', 'E2BIG', 'ENOSYS'];

/** The error of a test run that did not take place. */
export function testRunError(
  status: number,
  kind: TestRunKindName,
  { operation, section }: Subject,
  options: AnyTestRunOptions,
  log: string,
): BpfError {
  const code = errnoName(status);
  const lacking = unsupported.includes(code) ? lackingOf(kind, options) : undefined;
  const known = lacking ?? meanings[code]?.(kind, options, section) ?? {};
  return errnoError(status, operation, { log, ...known });
}

/** Bytes of metadata before Linux 6.8 (xdp_metalen_invalid() in include/net/xdp.h). */
const shortMetadata = 32;

/** By the kernel's version. */
function lackingOf(kind: TestRunKindName, options: AnyTestRunOptions): Circumstances | undefined {
  const { since, later = {} }: TestRunKind = testRunKinds[kind];
  const wanted: [what: string, since: string][] = [[`running programs of its type`, since]];
  for (const [option, first] of Object.entries(later))
    if (option in options) wanted.push([`${option} of such a run`, first]);
  if ((options.metadata?.length ?? 0) > shortMetadata) wanted.push(['metadata of more than 32 bytes', '6.8']);
  const missing = wanted.find(([, first]) => isOlderThan(first));
  if (missing === undefined) return undefined;
  return { reason: `${missing[0]} needs Linux ${missing[1]}, and this is ${kernelRelease}` };
}

type Meaning = (
  kind: TestRunKindName,
  options: AnyTestRunOptions,
  section: string,
) => Circumstances | undefined;

const meanings: Readonly<Record<string, Meaning>> = {
  EPERM: () => ({ hint: privilegeHint() }),
  EINTR: () => ({ reason: 'a signal ended it before its last repetition' }),
  ENOTSUPP: (_kind, _options, section) => ({ reason: `the kernel runs no SEC("${section}") by itself` }),
  EOPNOTSUPP: (kind, _options, section) => ({
    reason: `the kernel runs no SEC("${section}") by itself`,
    hint: kind === 'struct_ops' ? 'of struct_ops it runs those of struct bpf_dummy_ops alone' : undefined,
  }),
  ENXIO: (_kind, { cpu }) => ({ reason: `CPU ${cpu} is not online` }),
  ENODEV: () => ({ reason: 'its context names an interface that this network namespace does not have' }),
  EAFNOSUPPORT: () => ({ reason: 'family in its context is 2 (AF_INET) or 10 (AF_INET6)' }),
  ERANGE: () => ({ reason: 'a port in its context is above 65535' }),
  EBADMSG: () => ({ reason: 'the program left the sum over the packet wrong (checksumComplete)' }),
  EINVAL: (kind, options) => invalid(kind, options),
};

/** A page holds the packet, and what the kernel keeps around it (bpf_test_init() in net/bpf/test_run.c). */
const aPage = 3_000;

function invalid(kind: TestRunKindName, { data, context }: AnyTestRunOptions): Circumstances | undefined {
  if (kind === 'struct_ops')
    return {
      reason: 'the context has not as many numbers as the function that it stands for takes arguments',
    };
  if (kind === 'syscall' || kind === 'raw_tracepoint') {
    const size = kind === 'syscall' ? 'fewer bytes' : 'fewer numbers';
    return { reason: `the context has ${size} than the program reads` };
  }
  if (data !== undefined && data.length > aPage) {
    const hint = kind === 'xdp' ? 'longer frames need Linux 5.18' : undefined;
    return {
      reason: `a packet of ${data.length} bytes does not fit into one page with what belongs to it`,
      hint,
    };
  }
  if (context !== undefined)
    return { reason: 'its context says something that cannot be', hint: contextHints[kind] };
  return {
    reason: 'the kernel does not take this packet, or does not run programs that attach as this one does',
  };
}

const contextHints: Partial<Record<TestRunKindName, string>> = {
  xdp: 'rxQueueIndex needs an ingressIfindex that has this queue',
  skb: 'wireLen is at least the length of the packet; ifindex names an interface of this network namespace',
};

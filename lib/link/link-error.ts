/** Errors of calls on links: most say that there is no `bpf_link`, or that its type has no such call. */
import { readlinkSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';
import { linkAbilities } from '../kinds/link-abilities.js';
import { type Circumstances, errnoError, errnoName, failed } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import { tooOld } from '../native/kernel-support.js';
import { type LinkHandle, native, type Status } from '../native/native.js';
import { linkInfos } from './parts.js';

/**
 * @throws BpfError `EOPNOTSUPP` where libbpf made several links, whose descriptors it does not give (`struct
 * bpf_link_usdt` in usdt.c).
 */
export function requireSingle(handle: LinkHandle, operation: string): LinkHandle {
  if (native().linkFd(handle) !== 0) return handle;
  const reason = 'libbpf made a link for each place of the probe, and keeps them to itself';
  const hint = 'so it has no descriptor, pin or update; close() detaches it';
  throw new BpfError({ code: 'EOPNOTSUPP', operation, reason, hint });
}

/** The error of something that a link was asked for. */
export function linkError(
  handle: LinkHandle,
  status: Status,
  operation: string,
  known?: Circumstances,
): BpfError {
  return errnoError(status, operation, perfEvent(handle) ?? known);
}

/** The same of another program. */
export function* updateError(handle: LinkHandle, status: Status, operation: string): Flow<BpfError> {
  return linkError(handle, status, operation, yield* keepsItsProgram(handle, errnoName(status)));
}

/** Probes that were attached by ioctl(2) have a descriptor that is no link. */
function perfEvent(handle: LinkHandle): Circumstances | undefined {
  if (!targetOf(native().linkFd(handle)).includes('perf_event')) return undefined;
  const reason = 'the kernel has no link of it: it is held by a perf event, as its mode says';
  return tooOld(linkAbilities.ofPerfEvents, 'a link of a perf event') ?? { reason };
}

function targetOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

/** Kinds of links that take another program. */
export const updatableLinks: readonly string[] = [
  'cgroup',
  'netns',
  'xdp',
  'iter',
  'struct_ops',
  'tcx',
  'netkit',
  'sockmap',
];

function* keepsItsProgram(handle: LinkHandle, code: string): Flow<Circumstances | undefined> {
  if (code !== 'EINVAL' && code !== 'EOPNOTSUPP') return undefined;
  const answer = native().linkInfo(handle);
  if (failed(answer)) return undefined;
  const type = (yield* linkInfos.find())?.readLinkInfo(answer).type;
  if (type === undefined || updatableLinks.includes(type)) return undefined;
  const reason = `a link of kind ${type} keeps its program`;
  return { reason, hint: 'attach the other program, then detach this link' };
}

/**
 * What `BPF_PROG_QUERY` answers of a hook: its programs in their order, the links that hold them, the hook's revision
 * (bpf_mprog_query() in kernel/bpf/mprog.c, __cgroup_bpf_query() in kernel/bpf/cgroup.c).
 */

import type { BpfError } from '../errors/bpf-error.js';
import { privilegeHint } from '../host/obstacles.js';
import { check, errnoError, errnoName, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { native, type Outcome } from '../native/native.js';
import type { ErrorContext } from './attach-kind.js';
import { bpfFilters } from './tc-message.js';

/** One program at a hook. */
export interface HookProgram {
  readonly programId: number;
  /** As the kernel keeps it: 15 characters (`BPF_OBJ_NAME_LEN` in include/uapi/linux/bpf.h). */
  readonly name: string;
  /** The link that holds it; undefined where none does, or before Linux 6.6, of cgroups 6.17. */
  readonly linkId?: number;
  /** Of a cgroup: how it lets those below have programs, too, as `attach()` takes it; absent where it does not. */
  readonly sharing?: 'override' | 'multi';
  /** Of a cgroup: it runs before programs of those below. */
  readonly preorder?: true;
  /** Of a tc filter: what it returns is a verdict, and not a class. */
  readonly directAction?: boolean;
  /** Of a tc filter: lower ones run first. */
  readonly priority?: number;
  /** Of a tc filter: its number within its priority. */
  readonly handle?: number;
}

/** What a hook is made of. */
export interface Hook {
  /** In the order in which they run. */
  readonly programs: readonly HookProgram[];
  /** Rises with each change; undefined where it is not counted: before Linux 6.6, of cgroups 6.17. */
  readonly revision?: bigint;
}

/** Where the kernel looks: a descriptor or an interface, in a network namespace. */
export interface Target {
  readonly netns: number;
  readonly target: number;
}

/** How a hook is asked. */
interface QueryOptions {
  /** With the programs of cgroups above. */
  readonly effective?: boolean | undefined;
  /** `enum bpf_attach_type` of a section whose row in section_defs[] of libbpf.c has none. */
  readonly attachType?: number | undefined;
}

/** What the kernel lists at a descriptor or an interface. */
export function* listedHook(
  context: ErrorContext,
  { netns, target }: Target,
  { effective = false, attachType }: QueryOptions = {},
): Flow<Hook> {
  const type = attachType ?? check(native().attachTypeByName(context.section), context.operation);
  const flags = effective ? BPF_F_QUERY_EFFECTIVE : 0;
  let outcome: Outcome<Uint8Array> = yield* job('hookQuery', netns, target, type, flags, !effective);
  // Kernels before 6.6 have no lists beside the programs: E2BIG of bpf_check_uarg_tail_zero() in
  // kernel/bpf/syscall.c, or EINVAL.
  if (failed(outcome[0]) && ['EINVAL', 'E2BIG'].includes(errnoName(outcome[0])))
    outcome = yield* job('hookQuery', netns, target, type, flags, false);
  const [answer] = outcome;
  if (failed(answer)) throw queryError(context, answer);
  return yield* readHook(answer);
}

/** The header is a revision, the flags that all programs share, and a count; native/inspect/query.cc packs it. */
function* readHook(answer: Uint8Array): Flow<Hook> {
  const bytes = answer.slice();
  const revision = new BigUint64Array(bytes.buffer, 0, 1)[0] ?? 0n;
  const [shared = 0, count = 0, ...lists] = new Uint32Array(bytes.buffer, 8);
  const programs: HookProgram[] = [];
  for (const [index, programId] of lists.slice(0, count).entries()) {
    const [flags, linkId] = [lists[count + index] || shared, lists[2 * count + index] ?? 0];
    const known = { ...wordsOf(flags), ...(linkId > 0 && { linkId }) };
    programs.push({ programId, name: yield* nameOf(programId), ...known });
  }
  return { programs, ...(revision > 0n && { revision }) };
}

/** `BPF_F_ALLOW_OVERRIDE`, `BPF_F_ALLOW_MULTI`, `BPF_F_PREORDER`; other hooks have none of them. */
function wordsOf(flags: number): Pick<HookProgram, 'sharing' | 'preorder'> {
  const sharing = (flags & 2) !== 0 ? 'multi' : (flags & 1) !== 0 ? 'override' : undefined;
  return { ...(sharing && { sharing }), ...((flags & 64) !== 0 && { preorder: true }) };
}

/** An interface takes one program of XDP, which netlink tells. */
export function* xdpHook(context: ErrorContext, netns: number, index: number): Flow<Hook> {
  const [programId] = yield* job('xdpQueryId', netns, index, 0);
  if (programId < 0) throw queryError(context, programId);
  if (programId === 0) return { programs: [] };
  return { programs: [{ programId, name: yield* nameOf(programId) }] };
}

/** Filters of tc, on a discipline or a class of one: netlink lists them with all others. */
export function* tcHook(context: ErrorContext, netns: number, index: number, parent: number): Flow<Hook> {
  const programs: HookProgram[] = [];
  for (const filter of bpfFilters(yield* tcDump(context, netns, 'filters', index, parent)))
    programs.push({ ...filter, name: yield* nameOf(filter.programId) });
  return { programs };
}

/** What rtnetlink tells of an interface's traffic control, as tc-message.ts reads it. */
export function* tcDump(
  context: ErrorContext,
  netns: number,
  what: keyof typeof tcDumps,
  index = 0,
  parent = 0,
): Flow<Uint8Array> {
  const [messages] = yield* job('tcDump', netns, tcDumps[what], index, parent);
  if (failed(messages)) throw queryError(context, messages);
  return messages;
}

export function* nameOf(id: number): Flow<string> {
  const [name] = yield* job('programNameById', id);
  return typeof name === 'string' ? name : '';
}

function queryError({ operation }: ErrorContext, status: number): BpfError {
  const hint = errnoName(status) === 'EPERM' ? privilegeHint() : undefined;
  return errnoError(status, operation, { hint });
}

const BPF_F_QUERY_EFFECTIVE = 1;

/** `RTM_GET…` of queueing disciplines, classes and filters. */
const tcDumps = { disciplines: 38, classes: 42, filters: 46 } as const;

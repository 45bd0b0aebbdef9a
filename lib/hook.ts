/** Who sits at a hook: its programs in their order, the links that hold them, and the hook's revision. */

import type { KindOf } from './attach/arguments.js';
import { type CgroupOptions, inCgroup } from './attach/cgroup.js';
import { opened } from './attach/file.js';
import { atInterface, type InterfaceOptions } from './attach/interface.js';
import type { LircOptions } from './attach/lirc.js';
import { inNetns, type NetnsOptions } from './attach/netns.js';
import type { Subject } from './attach/site.js';
import type { SockmapOptions } from './attach/sockmap.js';
import { wanted } from './attach/wanted.js';
import { check, errnoError, errnoName } from './errno.js';
import { BpfError } from './errors.js';
import { privilegeHint } from './explain.js';
import { type Flow, job, run } from './flow.js';
import { ownNetns } from './interfaces.js';
import { attachKindOf } from './kinds/attach-kinds.js';
import { native, type Outcome } from './native.js';

/** One program at a hook. */
export interface HookProgram {
  readonly programId: number;
  /** As the kernel keeps it: 15 characters. */
  readonly name: string;
  /** The link that holds it; undefined where none does, or where the kernel does not tell. */
  readonly linkId?: number;
  /** `BPF_F_…`, as it was attached. */
  readonly flags: number;
}

/** What a hook is made of. */
export interface Hook {
  /** In the order in which they run. */
  readonly programs: readonly HookProgram[];
  /** Rises with each change; undefined where the kernel counts none. */
  readonly revision?: bigint;
}

/** Which cgroup; `effective`: with the programs of those above it, as they run. */
export interface CgroupHook extends Pick<CgroupOptions, 'cgroup'> {
  readonly effective?: boolean;
}

interface HooksByKind {
  cgroup: CgroupHook;
  lsm_cgroup: CgroupHook;
  xdp: InterfaceOptions;
  tcx: InterfaceOptions;
  netkit: InterfaceOptions;
  netns: NetnsOptions;
  sockmap: Pick<SockmapOptions, 'map'>;
  lirc: LircOptions;
}

/** Where a hook is, by the section of its programs. */
export type HookPlace<S extends string> = string extends S
  ? Partial<HooksByKind[keyof HooksByKind]>
  : KindOf<S> extends infer Kind extends keyof HooksByKind
    ? HooksByKind[Kind]
    : { readonly 'this hook cannot be asked': `the kernel keeps no list of programs of section ${S}` };

/**
 * Asks a hook for its programs.
 *
 * @param section - of the programs that it takes, as `tcx/ingress` or `cgroup/connect4`.
 * @throws BpfError `ERR_BPF_ARGUMENT` for a section whose hooks cannot be asked; otherwise the errno's name.
 * @since Linux 4.15; revisions and links of tcx and netkit 6.6, of cgroups 6.17
 * @example
 * ```ts
 * const { programs, revision } = await queryHook('tcx/ingress', { interface: 'lo' });
 * console.log(revision, programs.map(({ name }) => name));
 * ```
 */
export function queryHook<const S extends string>(section: S, place: HookPlace<S>): Promise<Hook> {
  return run(asked({ operation: `query ${section}`, section }, place as Place));
}

type Place = Partial<CgroupHook & InterfaceOptions & NetnsOptions & LircOptions> & Partial<SockmapOptions>;

/** Where the kernel looks: a descriptor or an interface, in a network namespace. */
interface Target {
  readonly netns: number;
  readonly target: number;
}

/** @internal {@link queryHook} as a flow. */
export function* asked(subject: Subject, place: Place): Flow<Hook> {
  switch (attachKindOf(subject.section)) {
    case 'cgroup':
    case 'lsm_cgroup':
      return yield* inCgroup(subject, place.cgroup, fd =>
        listedHook(subject, { netns: ownNetns, target: fd }, place.effective),
      );
    case 'xdp':
      return yield* atInterface(subject, place, ({ netns, index }) => xdpHook(subject, netns, index));
    case 'tcx':
    case 'netkit':
      return yield* atInterface(subject, place, ({ netns, index }) =>
        listedHook(subject, { netns, target: index }),
      );
    case 'netns':
      return yield* inNetns(subject, place.netns ?? '/proc/self/ns/net', fd =>
        listedHook(subject, { netns: ownNetns, target: fd }),
      );
    case 'sockmap': {
      const map = wanted(subject, 'map', place.map, 'which sockmap');
      return yield* listedHook(subject, { netns: ownNetns, target: typeof map === 'number' ? map : map.fd });
    }
    case 'lirc': {
      const device = wanted(subject, 'device', place.device, 'which device');
      const expected = { operation: subject.operation, what: 'a device as /dev/lirc0' };
      return yield* opened(device, expected, fd => listedHook(subject, { netns: ownNetns, target: fd }));
    }
    default:
      throw new BpfError({
        code: 'ERR_BPF_ARGUMENT',
        operation: subject.operation,
        reason: `the kernel keeps no list of programs of section ${subject.section}`,
      });
  }
}

/** What the kernel lists at a descriptor or an interface. */
export function* listedHook(subject: Subject, { netns, target }: Target, effective = false): Flow<Hook> {
  const type = attachTypeOf(subject);
  const flags = effective ? BPF_F_QUERY_EFFECTIVE : 0;
  let outcome: Outcome<Uint8Array> = yield* job('hookQuery', netns, target, type, flags, !effective);
  // Older kernels know none of the lists beside the programs.
  if (typeof outcome[0] === 'number' && ['EINVAL', 'E2BIG'].includes(errnoName(outcome[0])))
    outcome = yield* job('hookQuery', netns, target, type, flags, false);
  const [answer] = outcome;
  if (typeof answer === 'number') throw refusal(subject, answer);
  return yield* unpacked(answer);
}

/** libbpf names those of its sections only that the kernel wants to know of when it loads them. */
function attachTypeOf({ operation, section }: Subject): number {
  const known: Readonly<Record<string, number>> = attachTypes;
  return known[section] ?? check(native().attachTypeByName(section), operation);
}

/** The header is a revision, the flags that all programs share, and a count; native/query.cc packs it. */
function* unpacked(answer: Uint8Array): Flow<Hook> {
  const bytes = answer.slice();
  const revision = new BigUint64Array(bytes.buffer, 0, 1)[0] ?? 0n;
  const [shared = 0, count = 0, ...lists] = new Uint32Array(bytes.buffer, 8);
  const programs: HookProgram[] = [];
  for (const [index, programId] of lists.slice(0, count).entries()) {
    const [flags, linkId] = [lists[count + index] || shared, lists[2 * count + index] ?? 0];
    programs.push({ programId, name: yield* nameOf(programId), flags, ...(linkId > 0 && { linkId }) });
  }
  return { programs, ...(revision > 0n && { revision }) };
}

/** An interface takes one program of XDP, which netlink tells. */
export function* xdpHook(subject: Subject, netns: number, index: number): Flow<Hook> {
  const [programId] = yield* job('xdpQueryId', netns, index, 0);
  if (programId < 0) throw refusal(subject, programId);
  if (programId === 0) return { programs: [] };
  return { programs: [{ programId, name: yield* nameOf(programId), flags: 0 }] };
}

function* nameOf(id: number): Flow<string> {
  const [name] = yield* job('programNameById', id);
  return typeof name === 'string' ? name : '';
}

function refusal({ operation }: Subject, status: number): BpfError {
  const hint = errnoName(status) === 'EPERM' ? privilegeHint() : undefined;
  return errnoError(status, operation, { hint });
}

/** The others of `enum bpf_attach_type`. */
const attachTypes = {
  'tcx/ingress': 46,
  'tc/ingress': 46,
  'tcx/egress': 47,
  'tc/egress': 47,
  'netkit/primary': 54,
  'netkit/peer': 55,
} as const;

const BPF_F_QUERY_EFFECTIVE = 1;

/** What a way to attach is: each is a row in a file of its own, and `table.ts` collects them. */
import { sectionMatches } from '../kinds/section-pattern.js';
import type { Link } from '../link/link.js';
import type { Circumstances } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import type { LinkHandle, Outcome, ProgramHandle } from '../native/native.js';
import type { AttachTarget } from '../native/owner.js';
import type { KernelPlace } from '../native/place.js';
import type { Hook } from './hook-query.js';
import type { PlaceKind } from './places.js';

/**
 * What loading and attaching take. CAP_SYS_ADMIN stands for each of them at load (bpf_ns_capable() in
 * kernel/bpf/token.c), and not for CAP_NET_ADMIN over netlink (rtnetlink_rcv_msg() in net/core/rtnetlink.c).
 */
export type Capability = 'CAP_BPF' | 'CAP_PERFMON' | 'CAP_NET_ADMIN';

/** What loading and attaching take, by what programs look at. */
export const capabilities = {
  alone: ['CAP_BPF'],
  tracing: ['CAP_BPF', 'CAP_PERFMON'],
  network: ['CAP_BPF', 'CAP_NET_ADMIN'],
  replacing: ['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN'],
} as const;

const tracing = ['BPF_EVENTS', 'DEBUG_INFO_BTF'] as const;

/**
 * Kernel options of targets that BTF names; `trampoline`: programs are called from the kernel's functions
 * (register_fentry() in kernel/bpf/trampoline.c).
 */
export const configs = {
  tracing,
  trampoline: [...tracing, 'BPF_JIT', 'DYNAMIC_FTRACE_WITH_DIRECT_CALLS'],
} as const;

/** The descriptor that stands for an option that names something, once it is open. */
export function fdOf(option: KernelPlace): number {
  return (option as { readonly fd: number }).fd;
}

/** What is done at a hook, for its errors. */
export interface ErrorContext {
  /** As `attach drop`. */
  readonly operation: string;
  readonly section: string;
}

/** One program about to be attached. */
export interface AttachRequest extends ErrorContext {
  readonly kind: AttachKind;
  readonly program: ProgramHandle;
  /** True where it has no object, and libbpf no `bpf_program` of it. */
  readonly alone: boolean;
  /** What stands behind the section's slash. */
  readonly target: string | undefined;
}

/** Several links, as of perf events on all CPUs, are several outcomes. */
export type Outcomes = readonly Outcome<LinkHandle>[];

/**
 * Attaches a program. A failure is an outcome, of which the kind's `explain` makes an error. At a hook that lists its
 * programs (BPF_PROG_QUERY, netlink) the attacher names them and throws the error itself.
 */
export interface Attacher<Options> {
  // biome-ignore lint/style/useShorthandFunctionType: `infer` finds the options of an interface by its name.
  (request: AttachRequest, options: Partial<Options>): Flow<Outcomes>;
}

/** An attachment that failed. */
export interface AttachFailure<Options> {
  /** The errno's name. */
  readonly code: string;
  readonly section: string;
  /** What stands behind the section's slash. */
  readonly target: string | undefined;
  readonly options: Partial<Options>;
  /** What libbpf logged. */
  readonly log: string;
}

/** Asks a hook for its programs. */
export interface HookQuery<Place> {
  // biome-ignore lint/style/useShorthandFunctionType: as above.
  (context: ErrorContext, place: Partial<Place>): Flow<Hook>;
}

/** One row of the table. */
export interface AttachKind {
  /** Section names as in section_defs[] of libbpf.c: a `+` at the end allows `/target` behind it. */
  readonly sections: readonly string[];
  /** The first kernel that attaches it, in any way that we know; of the sections in `later`, that one. */
  readonly since: string;
  /** Sections that came after the others of their kind. */
  readonly later?: Readonly<Record<string, string>>;
  /**
   * Targets that came after their section: loading says `ESRCH` of one that is not in the kernel's BTF
   * (find_kernel_btf_id() in libbpf.c).
   */
  readonly laterTargets?: Readonly<Record<string, string>>;
  /** What came to it afterwards: the first kernel of each. */
  readonly abilities?: Readonly<Record<string, string>>;
  /** The first kernel that gives its programs a cookie by `bpf_get_attach_cookie()`. */
  readonly cookie?: string;
  /** Kernel options that it needs, beside CONFIG_BPF_SYSCALL. */
  readonly config: readonly string[];
  /**
   * Capabilities that loading and attaching take (bpf_prog_load() in kernel/bpf/syscall.c); a test tries each set on
   * the kernel.
   */
  readonly capabilities: readonly Capability[];
  /** Sections that take other capabilities. */
  readonly otherCapabilities?: Readonly<Record<string, readonly Capability[]>>;
  /** True when libbpf attaches it by its section alone, once that names the target. */
  readonly bySection?: true;
  /** True where the section names a file, which libbpf would open and read (attach_uprobe() in libbpf.c). */
  readonly readsFile?: true;
  /** True where programs run only if the LSM `bpf` is active (bpf_lsm_init() in security/bpf/hooks.c). */
  readonly needsLsm?: true;
  /** The option that names what it attaches to, and may be several names: the first that is there is taken. */
  readonly oneOf?: string;
  /** The options that say where, of what its section leaves open. */
  readonly needs?: readonly string[];
  /** Where it is attached instead, if not by `attach()`; a sentence for type errors. */
  readonly instead?: string;
  /** Options that name another program, a map, or a place among others. */
  readonly places?: Readonly<Record<string, PlaceKind>>;
  /** Why a program that was opened by itself cannot be attached; absent where it can. */
  readonly needsObject?: string;
  /** The class of its links, where they can do more than others. */
  readonly Link?: typeof Link;
  /** The names of its options; none where there is `instead`. */
  readonly takes?: readonly string[];
  /** Absent where there is `instead`. */
  attach?(request: AttachRequest, options: object): Flow<Outcomes>;
  /** What an errno of libbpf's means; undefined where it does not tell. */
  explain?(failure: AttachFailure<object>): Circumstances | undefined;
  /** Which program is in the way, for `EBUSY` at a hook that `BPF_PROG_QUERY` does not list. */
  describeHolder?(programFd: number, target: AttachTarget | undefined, options: object): Flow<Circumstances>;
  /** The names by which `query` is told the place. */
  readonly asks?: readonly string[];
  /** Absent where `BPF_PROG_QUERY` knows no such hook (bpf_prog_query() in kernel/bpf/syscall.c). */
  query?(context: ErrorContext, place: object): Flow<Hook>;
}

/** The kind among these that a section means. */
export function kindAmong(kinds: readonly AttachKind[], section: string): AttachKind | undefined {
  return kinds.find(({ sections }) => sections.some(pattern => sectionMatches(pattern, section)));
}

/** True when the section names both how and where to attach, and libbpf can do it by that alone. */
export function attachesBySection(kind: AttachKind | undefined, section: string): boolean {
  return kind?.bySection === true && targetOf(kind, section) !== undefined;
}

/** The first kernel that attaches programs of a section. */
export function sinceOf({ sections, later, since }: AttachKind, section: string): string {
  const pattern = sections.find(each => sectionMatches(each, section)) ?? '';
  return later?.[pattern] ?? since;
}

/** What stands behind the slash of a section that may have a target; undefined where it has none. */
export function targetOf({ sections }: AttachKind, section: string): string | undefined {
  const pattern = sections.find(each => sectionMatches(each, section)) ?? '';
  const target = section.slice(pattern.length);
  return pattern.endsWith('+') && target !== '' ? target : undefined;
}

/** Addresses, cookies and flags cross as 64-bit lists. */
export function wideList(values: readonly (number | bigint)[] = []): BigUint64Array {
  return BigUint64Array.from(values, BigInt);
}

/** Kernel functions: kprobe, kretprobe, their multi and session forms, and system calls by name. */
import { job } from '../native/flow.js';
import { type Attacher, wideList } from './site.js';
import { known, requireOneEach, wanted } from './wanted.js';

/** How libbpf installs a single probe; `default` takes the newest way that the kernel has. */
export type ProbeMode = 'default' | 'legacy' | 'perf' | 'link';

/** `enum probe_attach_mode`. */
export const probeModes: Readonly<Record<ProbeMode, number>> = { default: 0, legacy: 1, perf: 2, link: 3 };

/** One kernel function. */
export interface KprobeOptions {
  /** Its name, as in /proc/kallsyms. */
  readonly function: string;
  /** Bytes into the function. */
  readonly offset?: number;
  /** What `bpf_get_attach_cookie()` answers. @since Linux 5.15 */
  readonly cookie?: bigint;
  readonly mode?: ProbeMode;
}

/** Many kernel functions at once: by one pattern, by names, or by addresses. */
export interface KprobeMultiOptions {
  /** With `*` and `?`, as `tcp_*`. */
  readonly pattern?: string;
  readonly functions?: readonly string[];
  readonly addresses?: readonly bigint[];
  /** One for each function or address. */
  readonly cookies?: readonly bigint[];
  /** Refuse a pattern that matches more than one function. */
  readonly unique?: boolean;
}

/** One system call, whatever this architecture's function for it is called. */
export interface KsyscallOptions {
  /** As `openat`. */
  readonly syscall: string;
  /** What `bpf_get_attach_cookie()` answers. @since Linux 5.15 */
  readonly cookie?: bigint;
}

/** `do_unlinkat+0x10` of a section. */
function parsed(target: string | undefined): Partial<KprobeOptions> {
  const [, name, offset] = target?.match(/^(.+?)(?:\+(0x[\da-f]+|\d+))?$/i) ?? [];
  return { ...(name && { function: name }), ...(offset && { offset: Number(offset) }) };
}

/** kprobe and kretprobe. */
export const attachKprobe: Attacher<Partial<KprobeOptions>> = function* (site, options) {
  const { offset = 0, cookie = 0n, mode = 'default', ...rest } = { ...parsed(site.target), ...options };
  const name = wanted(site, 'function', rest.function, 'the name of a kernel function');
  const isReturn = site.section.startsWith('kret');
  const how = known(site, 'mode', probeModes, mode);
  return [yield* job('programAttachKprobe', site.program, name, offset, isReturn, cookie, how)];
};

/** kprobe.multi, kretprobe.multi and kprobe.session. */
export const attachKprobeMulti: Attacher<KprobeMultiOptions> = function* (site, options) {
  const { functions = [], addresses, cookies, unique = false } = options;
  const places = functions.length || (addresses?.length ?? 0);
  requireOneEach(site, places, { cookies });
  const pattern = places
    ? null
    : wanted(site, 'pattern', options.pattern ?? site.target, 'functions as `tcp_*`');
  const isReturn = site.section.startsWith('kret');
  const isSession = site.section.startsWith('kprobe.session');
  const lists = [functions, wideList(addresses), wideList(cookies)] as const;
  return [
    yield* job('programAttachKprobeMulti', site.program, pattern, ...lists, isReturn, isSession, unique),
  ];
};

/** ksyscall and kretsyscall. */
export const attachKsyscall: Attacher<Partial<KsyscallOptions>> = function* (site, options) {
  const name = wanted(site, 'syscall', options.syscall ?? site.target, 'a system call as `openat`');
  const isReturn = site.section.startsWith('kret');
  return [yield* job('programAttachKsyscall', site.program, name, isReturn, options.cookie ?? 0n)];
};

/** What an errno means where libbpf attached by itself: which process, function, map, counter or tracepoint is not there. */
import { existsSync } from 'node:fs';
import { rights } from '../host/capabilities.js';
import { onlineCpus } from '../host/cpus.js';
import { type AttachKindName, attachKindOf, targetOf } from '../kinds/attach-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { tooOldFor } from '../native/kernel-support.js';
import { type Names, noneOf } from './first-there.js';

/** What was to be attached where. */
export interface FailedSite {
  readonly name: string;
  readonly section: string;
  readonly options: object | undefined;
}

/** Names what is missing; undefined where the errno does not tell. */
export function troubleOf(site: FailedSite, code: string, log: string): Circumstances | undefined {
  const options = (site.options ?? {}) as Given;
  if (code === 'ESRCH' && options.pid !== undefined)
    return { reason: `there is no process ${options.pid}`, hint: 'or it has ended' };
  const kind = attachKindOf(site.section);
  return unreadable(code, log) ?? (kind && troubles[kind]?.(options, code, site.section, log));
}

/** Root may read what others may not; libbpf says which file that was. */
function unreadable(code: string, log: string): Circumstances | undefined {
  const [, file] = log.match(/failed to open (\S+): -EACCES/) ?? [];
  if (file === undefined || code !== 'EACCES') return undefined;
  return {
    reason: `this process may not read ${file}`,
    hint: 'let it, run as root, or grant CAP_DAC_READ_SEARCH',
  };
}

/** Options that messages are made of. */
interface Given {
  readonly pid?: number;
  readonly binary?: string;
  readonly function?: Names;
  readonly syscall?: Names;
  readonly functions?: readonly string[];
  readonly pattern?: string;
  readonly category?: string;
  readonly provider?: string;
  readonly name?: Names;
  readonly event?: unknown;
  readonly cpus?: readonly number[];
  readonly mapFd?: number;
  readonly cgroup?: { readonly fd: number };
  readonly task?: object;
}

type Trouble = (given: Given, code: string, section: string, log: string) => Circumstances | undefined;

const troubles: Partial<Record<AttachKindName, Trouble>> = {
  kprobe: noFunction,
  ksyscall: noSyscall,
  tracepoint: noTracepoint,
  raw_tracepoint: noRawTracepoint,
  usdt: noProbe,
  uprobe: noUprobe,
  uprobe_multi: noFunctions,
  uprobe_session: noFunctions,
  iter: noTarget,
  perf_event: noEvent,
};

/** libbpf says no more than that it failed to make a probe. */
function noFunction({ function: names }: Given, code: string, section: string): Circumstances | undefined {
  const said = names ?? targetOf(section) ?? '';
  if (code === 'EADDRNOTAVAIL')
    return {
      reason: `this kernel has several functions ${said}`,
      hint: 'SEC("kprobe.multi") takes addresses',
    };
  if (code !== 'ENOENT') return undefined;
  const reason = `this kernel has ${noneOf('function', said)}`;
  return { reason, hint: '/proc/kallsyms lists them; what is inlined is not among them' };
}

function noSyscall({ syscall: names }: Given, code: string, section: string): Circumstances | undefined {
  if (code !== 'ENOENT') return undefined;
  return { reason: `this kernel has ${noneOf('system call', names ?? targetOf(section) ?? '')}` };
}

function noRawTracepoint({ name: names }: Given, code: string, section: string): Circumstances | undefined {
  if (code !== 'ENOENT') return undefined;
  return { reason: `this kernel has ${noneOf('raw tracepoint', names ?? targetOf(section) ?? '')}` };
}

/** libbpf names a single one. */
function noProbe(given: Given, code: string, section: string): Circumstances | undefined {
  const [binary, provider] = targetOf(section)?.split(':') ?? [];
  const { name: names = '', binary: file = binary } = given;
  if (code !== 'ENOENT' || typeof names === 'string' || !existsSync(file ?? '')) return noCookie(code);
  const probes = names.map(name => `${given.provider ?? provider}:${name}`);
  return { reason: `${file} has ${noneOf('probe', probes)}` };
}

/** libbpf says no version. */
function noCookie(code: string): Circumstances | undefined {
  const known = tooOldFor(
    'usdt.shared',
    'USDT of every process, in a library or a program that lies anywhere,',
  );
  return code === 'EOPNOTSUPP' && known ? { ...known, hint: 'give pid' } : undefined;
}

const listed = 'nm and nm -D list them; what is inlined, and static in a stripped file, is not among them';

/** Some kernels of 2025, and all later ones, are stricter with one place in user code than with many. */
function noUprobe(given: Given, code: string, section: string, log: string): Circumstances | undefined {
  const [binary = '', said = ''] = targetOf(section)?.split(':') ?? [];
  const { binary: file = binary, function: names = said } = given;
  if (code === 'ENOENT' && /failed to find symbol/.test(log))
    return {
      reason: `${file} has ${noneOf('function', names)}`,
      hint: typeof names === 'string' ? listed : undefined,
    };
  const { capabilities, lacking } = rights();
  if (code !== 'EACCES' || lacking.includes('CAP_PERFMON') || capabilities.includes('CAP_SYS_ADMIN'))
    return undefined;
  const reason = 'kernels since 2025 take CAP_SYS_ADMIN for a uprobe, and this process lacks it';
  return { reason, hint: 'SEC("uprobe.multi") does with CAP_BPF and CAP_PERFMON' };
}

function noTracepoint(given: Given, code: string, section: string, log: string): Circumstances | undefined {
  if (/perf_event_open\(\) failed/.test(log) && ['EPERM', 'EACCES'].includes(code)) return forbiddenEvents;
  const [, ...said] = section.split('/');
  const { category = said[0], name = said[1] ?? '' } = given;
  if (code === 'EACCES') return forbiddenTracefs;
  const root = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'].find(path =>
    existsSync(`${path}/events`),
  );
  if (root === undefined) {
    const hint = 'mount -t tracefs tracefs /sys/kernel/tracing; raw_tp and tp_btf programs do without it';
    return { reason: 'tracefs is not mounted, and tracepoint numbers stand there', hint };
  }
  const names = [name].flat();
  if (names.some(each => existsSync(`${root}/events/${category}/${each}`))) return undefined;
  const full = names.map(each => `${category}:${each}`);
  const reason = `this kernel has ${noneOf('tracepoint', typeof name === 'string' ? `${full}` : full)}`;
  return { reason, hint: `${root}/available_events lists them` };
}

const forbiddenEvents: Circumstances = {
  reason: 'the kernel refuses this process perf_event_open(2), by which tracepoints are attached',
  hint: 'it takes CAP_PERFMON, and root where kernel.perf_event_paranoid is 3 or more; a seccomp filter or lockdown may refuse it too',
};

const forbiddenTracefs: Circumstances = {
  reason: 'this process may not read tracefs, where tracepoint numbers stand',
  hint: 'run as root or grant CAP_DAC_READ_SEARCH; raw_tp and tp_btf programs do without it',
};

/** libbpf says no more than that; a file that is not there it names. */
function noFunctions(given: Given, code: string, section: string): Circumstances | undefined {
  const [binary, pattern] = targetOf(section)?.split(':') ?? [];
  const file = given.binary ?? binary ?? '';
  const names = given.functions?.join(', ') ?? given.pattern ?? pattern;
  if (code !== 'ENOENT' || (file.includes('/') && !existsSync(file))) return undefined;
  return { reason: `${file} does not have these functions, or not all of them: ${names}` };
}

/** Targets of iterators that go over something of the caller's. */
const ofMaps = ['bpf_map_elem', 'bpf_sk_storage_map', 'sockmap'];

function noTarget({ mapFd, cgroup, task }: Given, code: string, section: string): Circumstances | undefined {
  const target = targetOf(section) ?? '';
  if (ofMaps.includes(target)) {
    if (mapFd === undefined) return left(section, 'which map', 'mapFd');
    const reason = code === 'EBADF' ? `there is no map of descriptor ${mapFd}` : 'it goes over other maps';
    return { reason };
  }
  if (target === 'cgroup' && cgroup === undefined) return left(section, 'which cgroup', 'cgroup');
  if (code === 'EBADF' && cgroup !== undefined)
    return { reason: `descriptor ${cgroup.fd} is of no cgroup v2 directory` };
  if (code === 'EBADF' && task !== undefined) return { reason: 'there is no such descriptor of a process' };
  return undefined;
}

function left(section: string, what: string, option: string): Circumstances {
  const reason = `SEC("${section}") does not say ${what}, and neither does the option ${option}`;
  return { reason, hint: `give it: { ${option}: … }` };
}

function noEvent({ event, cpus = [] }: Given, code: string): Circumstances | undefined {
  const online = onlineCpus();
  const absent = cpus.filter(cpu => !online.includes(cpu));
  if (absent.length > 0) return { reason: `CPU ${absent.join(', ')} is offline or not there` };
  if (code === 'ENOSPC') return { reason: 'all breakpoint registers of the processor are in use' };
  if (code !== 'ENOENT' && code !== 'EOPNOTSUPP') return undefined;
  if (typeof event === 'string') {
    const hint = 'virtual machines seldom have the counters of the processor; cpu-clock is everywhere';
    return { reason: `this machine does not count ${event}`, hint };
  }
  const hint = '/sys/bus/event_source/devices/*/type has the types of this machine';
  return { reason: 'this machine does not count such events', hint };
}

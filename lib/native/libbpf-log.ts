/** Why the kernel or libbpf refused, and what to do: from the operation, the errno and libbpf's log. */
import { existsSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { type FailedSite, troubleOf } from '../attach/trouble.js';
import type { BpfError } from '../errors.js';
import { obstaclesToBpf } from '../host/obstacles.js';
import { capabilitiesOf } from '../kinds/capabilities.js';
import { VerifierError } from '../object/verifier-error.js';
import type { ProgramLines } from '../verifier/index.js';
import { type Circumstances, errnoError, errnoName, isShortage } from './errno.js';
import { lackingFor } from './kernel-support.js';
import type { Status } from './native.js';

const privilege = 'run as root or grant CAP_BPF and CAP_PERFMON, CAP_NET_ADMIN for network programs';

/** The error of a failed `bpf_object__load`. */
export function loadError(
  status: Status,
  subject: string,
  log: string,
  sections: Readonly<Record<string, string>> = {},
  lines?: (program: string) => ProgramLines | undefined,
  lackingMap?: Circumstances,
): BpfError {
  const operation = `load ${subject}`;
  if (isShortage(status)) return errnoError(status, operation, { log, reason: lastWarning(log) });
  const section = sections[failedProgram(log) ?? ''];
  const lacking = lackingFor(section ?? '', errnoName(status));
  const rejected = VerifierError.fromLog(status, operation, log, lines, lacking?.reason);
  if (rejected !== undefined) return rejected;
  const known = lackingMap ?? noToken(log) ?? lacking;
  const hint = loadHint(status, section);
  return errnoError(status, operation, { log, reason: lastWarning(log), hint, ...known });
}

/** The place that a token should come from gives none. */
function noToken(log: string): Circumstances | undefined {
  if (!/create BPF token|open BPF FS mount/.test(log)) return undefined;
  const hint =
    'a token comes from a BPF file system that is mounted in this user namespace with delegate_ options, from Linux 6.9 on';
  return { reason: lastWarning(log), hint };
}

/** The program that libbpf was loading when it gave up. */
export function failedProgram(log: string): string | undefined {
  return [...log.matchAll(/^libbpf: prog '([^']+)':/gm)].at(-1)?.[1];
}

/** The error of a failed `bpf_object__open`. */
export function openError(status: Status, subject: string, log: string): BpfError {
  const hint = 'libbpf could not read it as a BPF object; was it compiled with clang -target bpf -g?';
  return errnoError(status, `open ${subject}`, { log, reason: lastWarning(log), hint });
}

/** The error of a failed `bpf_program__attach`. */
export function attachError(
  status: Status,
  site: FailedSite,
  log: string,
  inTheWay?: Circumstances,
): BpfError {
  const operation = `attach ${site.name} to ${where(site)}`;
  const code = errnoName(status);
  if (isShortage(status)) return errnoError(status, operation, { log });
  const known = inTheWay ?? lackingFor(site.section, code, site.options) ?? troubleOf(site, code, log);
  const hint = attachHint(status, site.section);
  return errnoError(status, operation, { log, reason: lastWarning(log), hint, ...known });
}

function loadHint(status: Status, section: string | undefined): string | undefined {
  if (errnoName(status) === 'EPERM') return privilegeHint(section);
  if (!existsSync('/sys/kernel/btf/vmlinux'))
    return 'this kernel has no BTF; it needs CONFIG_DEBUG_INFO_BTF=y';
  return undefined;
}

const forbiddenToAll =
  'it is not for want of a capability: a container, lockdown, or a kernel that refuses this program type';

/**
 * What to do where the kernel says EPERM.
 *
 * @param section - of the program that was refused, where there was one
 */
export function privilegeHint(section?: string): string {
  const needed = section === undefined ? undefined : capabilitiesOf(section);
  const obstacles = obstaclesToBpf(needed);
  const takes = needed?.length ? `SEC("${section}") takes ${needed.join(' and ')}` : undefined;
  if (obstacles.length === 0) return forbiddenToAll;
  return [hasRoot() ? takes : (takes ?? privilege), ...obstacles]
    .filter(text => text !== undefined)
    .join('; ');
}

function attachHint(status: Status, section: string): string | undefined {
  const code = errnoName(status);
  if (code === 'EPERM' || code === 'EACCES') return privilegeHint(section);
  if (code !== 'EOPNOTSUPP') return undefined;
  return 'the section does not say what to attach to, or this kernel cannot attach it';
}

/** `uprobe { binary: '/bin/bash', function: 'readline' }`. */
function where({ section, options }: FailedSite): string {
  return options === undefined
    ? section
    : `${section} ${inspect(options, { breakLength: Number.POSITIVE_INFINITY })}`;
}

function hasRoot(): boolean {
  const line = readFileSync('/proc/self/status', 'utf8').match(/^CapEff:\s*([0-9a-f]+)$/m)?.[1] ?? '0';
  const CAP_BPF = 39n;
  const CAP_SYS_ADMIN = 21n;
  const held = BigInt(`0x${line}`);
  return ((held >> CAP_BPF) & 1n) === 1n || ((held >> CAP_SYS_ADMIN) & 1n) === 1n;
}

/** What libbpf says when the kernel refuses its very first program, and guesses at the memory limit for. */
const refusesAll = /bpf_object__probe_loading/;

/** libbpf's last warning is its most specific; without its prefix, and without the errno that we name ourselves. */
export function lastWarning(log: string): string | undefined {
  const lines = log.split('\n').filter(line => line.startsWith('libbpf: ') && !isMisleading(line));
  const text = lines
    .at(-1)
    ?.replace(/^libbpf: /, '')
    .replace(/: -?[A-Z0-9]+$|: -\d+$/, '');
  if (refusesAll.test(text ?? '')) return 'the kernel refuses this process even the smallest program';
  return text === '' ? undefined : text;
}

/**
 * libbpf guesses at the memory limit for every EPERM, which counts for kernels before 5.11 only; and it ends with
 * lines that say no more than that it failed.
 */
function isMisleading(line: string): boolean {
  return /ulimit -l|failed to load object|failed to load BPF skeleton|failed to prepare load attributes|': failed to load: /.test(
    line,
  );
}

/** Why the kernel or libbpf refused, and what to do: from the operation, the errno and libbpf's log. */
import { existsSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { lackingFor } from './attach/lacking.js';
import { type FailedSite, troubleOf } from './attach/trouble.js';
import { obstaclesToBpf } from './doctor/refusal.js';
import { type Circumstances, errnoError, errnoName } from './errno.js';
import type { BpfError } from './errors.js';
import type { Status } from './native.js';
import type { ProgramLines } from './verifier/index.js';
import { VerifierError } from './verifier-error.js';

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
  const rejected = VerifierError.fromLog(status, operation, log, lines);
  if (rejected !== undefined) return rejected;
  const known = lackingMap ?? lackingFor(sections[failedProgram(log) ?? ''] ?? '', errnoName(status));
  return errnoError(status, operation, { log, reason: lastWarning(log), hint: loadHint(status), ...known });
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
export function attachError(status: Status, site: FailedSite, log: string): BpfError {
  const operation = `attach ${site.name} to ${where(site)}`;
  const code = errnoName(status);
  const known = lackingFor(site.section, code, site.options) ?? troubleOf(site, code);
  const hint = attachHint(status);
  return errnoError(status, operation, { log, reason: lastWarning(log), hint, ...known });
}

function loadHint(status: Status): string | undefined {
  if (errnoName(status) === 'EPERM') return privilegeHint();
  if (!existsSync('/sys/kernel/btf/vmlinux'))
    return 'this kernel has no BTF; it needs CONFIG_DEBUG_INFO_BTF=y';
  return undefined;
}

const forbiddenToRoot =
  'root may not do this here: a missing capability in a container, lockdown, or a kernel that refuses this program type';

/** What to do where the kernel says EPERM. */
export function privilegeHint(): string {
  return [hasRoot() ? forbiddenToRoot : privilege, ...obstaclesToBpf()].join('; ');
}

function attachHint(status: Status): string | undefined {
  if (errnoName(status) === 'EPERM' || errnoName(status) === 'EACCES') return privilegeHint();
  if (errnoName(status) !== 'EOPNOTSUPP') return undefined;
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

/** libbpf's last warning is its most specific; without its prefix, and without the errno that we name ourselves. */
export function lastWarning(log: string): string | undefined {
  const lines = log.split('\n').filter(line => line.startsWith('libbpf: ') && !isMisleading(line));
  const text = lines
    .at(-1)
    ?.replace(/^libbpf: /, '')
    .replace(/: -?[A-Z0-9]+$|: -\d+$/, '');
  return text === undefined || text === '' ? undefined : text;
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

/** Why the kernel or libbpf refused, and what to do: from the operation, the errno and libbpf's log. */
import { existsSync } from 'node:fs';
import { inspect } from 'node:util';
import { lackingFor } from './attach/lacking.js';
import { type FailedSite, troubleOf } from './attach/trouble.js';
import { privilegeHint } from './doctor/refusal.js';
import { errnoError, errnoName } from './errno.js';
import type { BpfError } from './errors.js';
import type { Status } from './native.js';
import type { ProgramLines } from './verifier/index.js';
import { VerifierError } from './verifier-error.js';

/** The error of a failed `bpf_object__load`. */
export function loadError(
  status: Status,
  subject: string,
  log: string,
  sections: Readonly<Record<string, string>> = {},
  lines?: (program: string) => ProgramLines | undefined,
): BpfError {
  const operation = `load ${subject}`;
  const section = sections[failedProgram(log) ?? ''];
  const known = lackingFor(section ?? '', errnoName(status));
  const rejected = VerifierError.fromLog(status, operation, log, lines, known?.reason);
  if (rejected !== undefined) return rejected;
  const hint = loadHint(status, section);
  return errnoError(status, operation, { log, reason: lastWarning(log), hint, ...known });
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
  const known = lackingFor(site.section, code, site.options) ?? troubleOf(site, code, log);
  const hint = attachHint(code, site.section);
  return errnoError(status, operation, { log, reason: lastWarning(log), hint, ...known });
}

function loadHint(status: Status, section: string | undefined): string | undefined {
  if (errnoName(status) === 'EPERM') return privilegeHint(section);
  if (!existsSync('/sys/kernel/btf/vmlinux'))
    return 'this kernel has no BTF; it needs CONFIG_DEBUG_INFO_BTF=y';
  return undefined;
}

function attachHint(code: string, section: string): string | undefined {
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

/** libbpf's last warning is its most specific; without its prefix, and without the errno that we name ourselves. */
function lastWarning(log: string): string | undefined {
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
  return /ulimit -l|failed to load object|failed to prepare load attributes|': failed to load: /.test(line);
}

/** Why an object did not open or load, and what to do. */
import { existsSync } from 'node:fs';
import type { AttachKind } from '../attach/attach-kind.js';
import { missingSupport } from '../attach/missing-support.js';
import { sectionPrivilegeHint } from '../attach/result.js';
import type { BpfError } from '../errors/bpf-error.js';
import { kernelBtfPath } from '../host/kernel.js';
import { type Circumstances, errnoError, errnoName } from '../native/errno.js';
import { lastWarning } from '../native/libbpf-log.js';
import type { Status } from '../native/native.js';
import type { ProgramLines } from '../verifier/index.js';
import { meaningOf } from './libbpf-words.js';
import { rejection } from './rejection.js';

/** The error of a failed `bpf_object__open`. */
export function openError(status: Status, subject: string, log: string): BpfError {
  const reason = lastWarning(log);
  const hint = reason === undefined || /BTF|elf/i.test(reason) ? unreadable : undefined;
  return errnoError(status, `open ${subject}`, { log, reason, hint, ...meaningOf(log) });
}

const unreadable = 'libbpf could not read it as a BPF object; was it compiled with clang -target bpf -g?';

/** The section of the program that failed, empty where it was none, and its kind. */
interface Place {
  readonly section: string;
  readonly kind: AttachKind | undefined;
}

/** The error of a failed `bpf_object__load`. */
export function loadError(
  status: Status,
  subject: string,
  log: string,
  { section, kind }: Place,
  lines?: (program: string) => ProgramLines | undefined,
  ofMap?: Circumstances,
): BpfError {
  const operation = `load ${subject}`;
  const lacking = kind && missingSupport({ kind, section }, errnoName(status));
  const rejected = rejection(status, operation, log, lines, lacking?.reason);
  if (rejected !== undefined) return rejected;
  const known = ofMap ?? noToken(log) ?? meaningOf(log) ?? lacking;
  const hint = loadHint(status, section, kind);
  return errnoError(status, operation, { log, reason: lastWarning(log), hint, ...known });
}

/** The place that a token should come from gives none. */
function noToken(log: string): Circumstances | undefined {
  if (!/create BPF token|open BPF FS mount/.test(log)) return undefined;
  const hint =
    'a token comes from a BPF file system that is mounted in this user namespace with delegate_ options, from Linux 6.9 on';
  return { reason: lastWarning(log), hint };
}

function loadHint(status: Status, section: string, kind: AttachKind | undefined): string | undefined {
  if (errnoName(status) === 'EPERM') return sectionPrivilegeHint(section, kind);
  if (errnoName(status) === 'EFAULT')
    return 'an arena must be one that this process can map: see its map_extra, and BPF_F_SEGV_ON_FAULT';
  if (!existsSync(kernelBtfPath)) return 'this kernel has no BTF; it needs CONFIG_DEBUG_INFO_BTF=y';
  return undefined;
}

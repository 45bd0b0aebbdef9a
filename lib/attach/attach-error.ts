/** Why a program did not attach, and what to do. */
import { inspect } from 'node:util';
import type { BpfError } from '../errors/bpf-error.js';
import { ifReadable } from '../host/system-file.js';
import { type Circumstances, errnoError, errnoName, isShortage } from '../native/errno.js';
import { lastWarning } from '../native/libbpf-log.js';
import type { Status } from '../native/native.js';
import { type AttachFailure, type AttachKind, targetOf } from './attach-kind.js';
import { missingSupport } from './missing-support.js';
import { sectionPrivilegeHint } from './result.js';

/** What was to be attached where. */
export interface FailedProgram {
  readonly name: string;
  readonly section: string;
  readonly kind: AttachKind | undefined;
  readonly options: object | undefined;
}

/** The error of a failed `bpf_program__attach`. */
export function attachError(
  status: Status,
  program: FailedProgram,
  log: string,
  inTheWay?: Circumstances,
): BpfError {
  const { name, section, kind, options = {} } = program;
  const operation = `attach ${name} to ${placeOf(program)}`;
  const code = errnoName(status);
  if (isShortage(status)) return errnoError(status, operation, { log });
  const known =
    inTheWay ??
    (kind && missingSupport({ kind, section }, code, options)) ??
    ifReadable(() =>
      explainFailure(kind, { code, section, target: kind && targetOf(kind, section), options, log }),
    );
  const hint = attachHint(code, section, kind);
  return errnoError(status, operation, { log, reason: lastWarning(log), hint, ...known });
}

function explainFailure(
  kind: AttachKind | undefined,
  failure: AttachFailure<{ pid?: number }>,
): Circumstances | undefined {
  const { pid } = failure.options;
  if (failure.code === 'ESRCH' && pid !== undefined)
    return { reason: `there is no process ${pid}`, hint: 'or it has ended' };
  return explainUnreadable(failure) ?? kind?.explain?.(failure);
}

/** Root may lack the right to read a file of another user, which libbpf names in its log (elf_open() in elf.c). */
function explainUnreadable({ code, log }: AttachFailure<object>): Circumstances | undefined {
  const [, file] = log.match(/failed to open (\S+): -EACCES/) ?? [];
  if (file === undefined || code !== 'EACCES') return undefined;
  return {
    reason: `this process may not read ${file}`,
    hint: 'let it, run as root, or grant CAP_DAC_READ_SEARCH',
  };
}

function attachHint(code: string, section: string, kind: AttachKind | undefined): string | undefined {
  if (code === 'EPERM' || code === 'EACCES') return sectionPrivilegeHint(section, kind);
  if (code !== 'EOPNOTSUPP') return undefined;
  return 'the section does not say what to attach to, or this kernel cannot attach it';
}

/** `uprobe { binary: '/bin/bash', function: 'readline' }`. */
function placeOf({ section, options }: FailedProgram): string {
  return options === undefined
    ? section
    : `${section} ${inspect(options, { breakLength: Number.POSITIVE_INFINITY })}`;
}

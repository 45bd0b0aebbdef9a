/** Why a program did not attach, and what to do. */

import { inspect } from 'node:util';
import type { BpfError } from '../errors/bpf-error.js';
import { privilegeHint } from '../host/obstacles.js';
import { ifReadable } from '../host/system-file.js';
import { type Circumstances, errnoError, errnoName, isShortage } from '../native/errno.js';
import { lackingFor } from '../native/kernel-support.js';
import { lastWarning } from '../native/libbpf-log.js';
import type { Status } from '../native/native.js';
import { type FailedSite, troubleOf } from './trouble.js';

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
  const known =
    inTheWay ?? lackingFor(site.section, code, site.options) ?? ifReadable(() => troubleOf(site, code, log));
  const hint = attachHint(status, site.section);
  return errnoError(status, operation, { log, reason: lastWarning(log), hint, ...known });
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

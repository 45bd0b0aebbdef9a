/** What a kernel lacks for an attachment: its version, or an option that it was built without. */
import { missingOptions } from '../host/kernel.js';
import type { Circumstances } from '../native/errno.js';
import { tooOld } from '../native/kernel-support.js';
import { type AttachKind, sinceOf, targetOf } from './attach-kind.js';

const unsupported = ['EINVAL', 'EOPNOTSUPP', 'ENOTSUP', 'ENOTSUPP', 'E2BIG', 'ENOSYS'];

/** A section, and the row of its kind. */
interface Place {
  readonly kind: AttachKind;
  readonly section: string;
}

/**
 * The reason for an errno, where the kernel is too old or was built without an option; undefined where that is not
 * it.
 */
export function missingSupport(
  { kind, section }: Place,
  code: string,
  options: object = {},
): Circumstances | undefined {
  if (code === 'ENOENT') return missingKind(kind, section);
  if (code === 'ESRCH') return missingTarget(kind, section);
  if (code === 'EPERM') return builtWithout(kind, section);
  if (!unsupported.includes(code)) return undefined;
  return missingKind(kind, section) ?? missingCookies(kind, section, options);
}

function missingKind(kind: AttachKind, section: string): Circumstances | undefined {
  return tooOld(sinceOf(kind, section), nameOf(kind, section)) ?? builtWithout(kind, section);
}

/** Of the targets that iterators go over, by the kernel's types that are not there. */
function missingTarget(kind: AttachKind, section: string): Circumstances | undefined {
  const since = kind.laterTargets?.[targetOf(kind, section) ?? ''];
  return since === undefined ? undefined : tooOld(since, section);
}

function missingCookies(kind: AttachKind, section: string, options: object): Circumstances | undefined {
  const isAsked = 'cookie' in options || 'cookies' in options;
  return isAsked && kind.cookie ? tooOld(kind.cookie, `a cookie of ${nameOf(kind, section)}`) : undefined;
}

/** The section without its target. */
function nameOf(kind: AttachKind, section: string): string {
  const target = targetOf(kind, section);
  return target === undefined ? section : section.slice(0, -target.length - 1);
}

function builtWithout(kind: AttachKind, section: string): Circumstances | undefined {
  const missing = missingOptions(kind.config).map(option => `CONFIG_${option}`);
  if (missing.length === 0) return undefined;
  const reason = `${nameOf(kind, section)} needs a kernel with ${missing.join(' and ')}, and this one was built without`;
  return { reason };
}

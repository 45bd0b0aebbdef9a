/** What a kernel lacks for an attachment: its version, or an option that it was built without. */

import { isOlderThan, kernelRelease, missingOptions } from '../host/kernel.js';
import { type AttachAbility, attachAbilities } from '../kinds/attach-abilities.js';
import { type AttachKind, attachKindOf, attachKinds, sinceOf, targetOf } from '../kinds/attach-kinds.js';
import type { Circumstances } from './errno.js';

const unsupported = ['EINVAL', 'EOPNOTSUPP', 'ENOTSUP', 'ENOTSUPP', 'E2BIG', 'ENOSYS'];

/** The reason for an errno that an old or bare kernel gives; undefined where that is not it. */
export function lackingFor(section: string, code: string, options: object = {}): Circumstances | undefined {
  if (code === 'ENOENT') return lackingKind(section);
  if (code === 'ESRCH') return lackingIterator(section);
  if (code === 'EPERM') return lackingOptions(section);
  if (!unsupported.includes(code)) return undefined;
  return lackingKind(section) ?? lackingCookies(section, options);
}

/** Of the section's kind as a whole. */
function lackingKind(section: string): Circumstances | undefined {
  const since = sinceOf(section);
  return since === undefined ? undefined : (tooOld(since, nameOf(section)) ?? lackingOptions(section));
}

/** Of the targets that iterators go over, by the kernel's types that are not there. */
function lackingIterator(section: string): Circumstances | undefined {
  const ability = `iter.${targetOf(section)}`;
  const isKnown = attachKindOf(section) === 'iter' && ability in attachAbilities;
  return isKnown ? tooOldFor(ability as AttachAbility, section) : undefined;
}

function lackingOptions(section: string): Circumstances | undefined {
  const kind = attachKindOf(section);
  return kind && builtWithout(attachKinds[kind], nameOf(section));
}

function lackingCookies(section: string, options: object): Circumstances | undefined {
  const kind = attachKindOf(section);
  const row: AttachKind | undefined = kind && attachKinds[kind];
  const asked = 'cookie' in options || 'cookies' in options;
  return asked && row?.cookie ? tooOld(row.cookie, `a cookie of ${nameOf(section)}`) : undefined;
}

/** The section without its target. */
function nameOf(section: string): string {
  const target = targetOf(section);
  return target === undefined ? section : section.slice(0, -target.length - 1);
}

/** For what came to a way to attach later; undefined where the kernel has it. */
export function tooOldFor(ability: AttachAbility, what: string): Circumstances | undefined {
  return tooOld(attachAbilities[ability], what);
}

function tooOld(since: string, what: string): Circumstances | undefined {
  if (!isOlderThan(since)) return undefined;
  return { reason: `${what} needs Linux ${since}, and this is ${kernelRelease}` };
}

function builtWithout({ config }: AttachKind, what: string): Circumstances | undefined {
  const missing = missingOptions(config).map(option => `CONFIG_${option}`);
  if (missing.length === 0) return undefined;
  return { reason: `${what} needs a kernel with ${missing.join(' and ')}, and this one was built without` };
}

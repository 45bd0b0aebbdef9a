/** Attachments that the kernel refuses: who is in the way, what is missing, which version has it. */

import { privilegeHint } from '../host/obstacles.js';
import { type Circumstances, errnoError, errnoName } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import { lackingFor } from '../native/kernel-support.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import type { Site } from './site.js';

/** What some errnos mean at a hook; a flow where the kernel has to be asked. */
export type Meanings = Readonly<Record<string, () => Flow<Circumstances | undefined>>>;

/** What came of it: the link, in the shape that attachers answer. */
export type Linked = readonly Outcome<LinkHandle>[];

/**
 * Passes a link on, and explains a refusal.
 *
 * @param where - the place, as `interface eth0`.
 * @throws BpfError with the errno's name.
 */
export function* settled(
  site: Site,
  where: string,
  outcome: Outcome<LinkHandle>,
  meanings: Meanings = {},
): Flow<Linked> {
  const [status, log] = outcome;
  if (typeof status !== 'number') return [outcome];
  const code = errnoName(status);
  const known = (yield* meanings[code]?.() ?? nothing()) ?? lacking(site.section, code) ?? {};
  throw errnoError(status, `${site.operation} to ${where}`, { log, reason: kernelsWords(log), ...known });
}

/** What the kernel says over netlink, its extended acknowledgement, as libbpf passes it on. */
function kernelsWords(log: string): string | undefined {
  return log.match(/^libbpf: Kernel error message: (.*)$/m)?.[1];
}

/** Circumstances that need no asking. */
export function meaning(reason: string, hint?: string): () => Flow<Circumstances> {
  // biome-ignore lint/correctness/useYield: a flow without steps
  return function* () {
    return { reason, hint };
  };
}

// biome-ignore lint/correctness/useYield: a flow without steps
function* nothing(): Flow<undefined> {
  return undefined;
}

/** Privilege, version or option. */
function lacking(section: string, code: string): Circumstances | undefined {
  if (code === 'EPERM' || code === 'EACCES') return { hint: privilegeHint(section) };
  return lackingFor(section, code);
}

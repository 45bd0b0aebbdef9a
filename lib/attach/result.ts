/** Attachments that the kernel refuses: which programs are in the way, what is missing, which version has it. */
import { privilegeHint } from '../host/obstacles.js';
import { type Circumstances, errnoError, errnoName, failed } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import type { AttachKind, AttachRequest, Outcomes } from './attach-kind.js';
import { missingSupport } from './missing-support.js';

/** What an errno means, where that is known. */
type Explanation = Circumstances | undefined;

/** What some errnos mean at a hook; a flow where a query is needed. */
export type Explanations = Readonly<Record<string, () => Explanation | Flow<Explanation>>>;

/**
 * Passes a link on, and explains a refusal.
 *
 * @param where - the place, as `interface eth0`.
 * @throws BpfError with the errno's name.
 */
export function* linkOrThrow(
  request: AttachRequest,
  where: string,
  outcome: Outcome<LinkHandle>,
  explanations: Explanations = {},
): Flow<Outcomes> {
  const [status, log] = outcome;
  if (!failed(status)) return [outcome];
  const code = errnoName(status);
  const known = (yield* answerOf(explanations[code]?.())) ?? explainSupport(request, code) ?? {};
  throw errnoError(status, `${request.operation} to ${where}`, { log, reason: kernelsWords(log), ...known });
}

function* answerOf(explanation: Explanation | Flow<Explanation>): Flow<Explanation> {
  const isFlow = explanation !== undefined && 'next' in explanation;
  return isFlow ? yield* explanation : explanation;
}

/** The text of a netlink error, as libbpf logs it (libbpf_nla_dump_errormsg() in nlattr.c). */
function kernelsWords(log: string): string | undefined {
  return log.match(/^libbpf: Kernel error message: (.*)$/m)?.[1];
}

/** An explanation that needs no asking. */
export function explanation(reason: string, hint?: string): () => Circumstances {
  return () => ({ reason, hint });
}

/** Privilege, version or option. */
function explainSupport(request: AttachRequest, code: string): Explanation {
  if (code !== 'EPERM' && code !== 'EACCES') return missingSupport(request, code);
  return { hint: sectionPrivilegeHint(request.section, request.kind) };
}

/** Which capabilities a program of the section takes, as a hint for EPERM. */
export function sectionPrivilegeHint(section: string, kind: AttachKind | undefined): string | undefined {
  return privilegeHint(`SEC("${section}")`, kind?.otherCapabilities?.[section] ?? kind?.capabilities);
}

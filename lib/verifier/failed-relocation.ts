/**
 * A CO-RE relocation that found nothing in the kernel, as libbpf writes it into the verifier's log
 * (fixup_verifier_log() in libbpf.c).
 */

/** What a program asks of the kernel's types that they do not have. */
export interface FailedRelocation {
  /** What was asked, as `byte_off`, `enumval_value`, `type_id`. */
  readonly kind: string;
  /** As `struct task_struct`. */
  readonly type: string;
  /** The path from the type, as `signal.no_such`, or the enumerator; undefined where the type is asked for. */
  readonly field: string | undefined;
}

const pattern =
  /failed to resolve CO-RE relocation <(\w+)> \[\d+\] ([^.:(\n[]+?)(?:\.(\S+)|::(\S+).*)?(?: \(.*)?$/m;

/** The relocation that the log tells of, if any. */
export function failedRelocation(log: string): FailedRelocation | undefined {
  const found = log.match(pattern);
  if (found === null) return undefined;
  const [, kind = '', type = '', member, enumerator] = found;
  return { kind, type: type.trim(), field: member ?? enumerator };
}

/**
 * What the library throws. Pure: the BTF, ELF and codec rooms throw these without a kernel.
 * Match on `code`; message texts may change.
 */

/** Codes that are the library's own; kernel failures carry the errno's name instead, as `EPERM`. */
export type BpfErrorCode =
  | 'ERR_BPF_ADDON'
  | 'ERR_BPF_ARGUMENT'
  | 'ERR_BPF_BTF'
  | 'ERR_BPF_BUSY'
  | 'ERR_BPF_CLANG'
  | 'ERR_BPF_CLOSED'
  | 'ERR_BPF_ELF'
  | 'ERR_BPF_MAP'
  | 'ERR_BPF_NEVER_RUNS'
  | 'ERR_BPF_OBJECT'
  | 'ERR_BPF_PHASE'
  | 'ERR_BPF_RECORD'
  | 'ERR_BPF_RECORDING'
  | 'ERR_BPF_UNSUPPORTED_PLATFORM'
  | 'ERR_BPF_VALUE'
  | 'ERR_BPF_VERIFIER';

/** What a {@link BpfError} is made of. */
export interface BpfErrorParts {
  /** One of {@link BpfErrorCode}, or an errno's name. */
  readonly code: BpfErrorCode | (string & {});
  /** What was tried, with its subject: `load execsnoop`, `read /tmp/x.bpf.o`. */
  readonly operation: string;
  /** Why it failed, as a clause: `no such file`. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** Negative errno, as in Node's own system errors. */
  readonly errno?: number | undefined;
  /** What libbpf said during the call. */
  readonly log?: string | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * Any failure of this library: what was tried on what, why it failed, and what to do.
 * The message reads `operation: code, reason (hint)`.
 */
export class BpfError extends Error {
  override readonly name: string = 'BpfError';
  /** Stable; match on this. */
  readonly code: string;
  /** What was tried, with its subject. */
  readonly operation: string;
  /** Negative errno of the kernel or of libbpf, where there was one. */
  declare readonly errno?: number;
  /** What to do about it, where that is known. */
  declare readonly hint?: string;
  /** What libbpf said during the call; empty where it said nothing. */
  readonly log: string;

  constructor(parts: BpfErrorParts) {
    super(messageOf(parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = parts.code;
    this.operation = parts.operation;
    this.log = parts.log ?? '';
    if (parts.errno !== undefined) this.errno = parts.errno;
    if (parts.hint !== undefined) this.hint = parts.hint;
  }
}

function messageOf({ operation, code, reason, hint }: BpfErrorParts): string {
  const remedy = hint === undefined ? '' : ` (${hint})`;
  return `${operation}: ${code}, ${reason}${remedy}`;
}

/**
 * What the library throws. Pure: the BTF, ELF and codec rooms throw these without a kernel.
 * Match on `code`; message texts may change.
 */

import { escapeControls } from './escape.js';

/** Codes that are the library's own; kernel failures carry the errno's name instead, as `EPERM`. They stay as they are. */
export type BpfErrorCode =
  /** The addon could not be loaded: none was built for this platform, or it does not fit. */
  | 'ERR_BPF_ADDON'
  /** An argument or option that cannot be meant; the kernel was not asked. */
  | 'ERR_BPF_ARGUMENT'
  /** Types that cannot be read, or are not there. */
  | 'ERR_BPF_BTF'
  /** Something of it is under way that does not go together with this. */
  | 'ERR_BPF_BUSY'
  /** clang is missing, or refused the source. */
  | 'ERR_BPF_CLANG'
  /** It, or what it belongs to, was closed before. */
  | 'ERR_BPF_CLOSED'
  /** A file that is no ELF object, or a damaged one. */
  | 'ERR_BPF_ELF'
  /** A map is another than is described or pinned, or cannot do this. */
  | 'ERR_BPF_MAP'
  /** It would attach and never run. */
  | 'ERR_BPF_NEVER_RUNS'
  /** An object is not what was expected: by its hash, or by what its module says is in it. */
  | 'ERR_BPF_OBJECT'
  /** A part of the library that is loaded on demand cannot be: its file is out of reach, or the code is bundled. */
  | 'ERR_BPF_PART'
  /** This is for objects before load, or after it alone. */
  | 'ERR_BPF_PHASE'
  /** Bytes that are not as their type says: too few, or of an unknown kind. */
  | 'ERR_BPF_RECORD'
  /** A recording that cannot be read or written. */
  | 'ERR_BPF_RECORDING'
  /** BPF exists on Linux only. */
  | 'ERR_BPF_UNSUPPORTED_PLATFORM'
  /** A value that its C type cannot hold, or a number that JavaScript cannot. */
  | 'ERR_BPF_VALUE'
  /** The verifier rejected a program; the error is a `VerifierError`. */
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
  /** libbpf's log of the call. */
  readonly log?: string | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * Shortages, whose cause is none of what was tried: how the system calls each, and what to do. That of files is said
 * whatever else the caller would advise.
 */
const shortages: Readonly<
  Record<string, { readonly text: string; readonly hint: string; readonly always?: true }>
> = {
  EMFILE: {
    text: 'too many open files',
    hint: 'this process has all the files open that it may: close some, or raise its limit (ulimit -n)',
    always: true,
  },
  ENFILE: {
    text: 'too many open files in system',
    hint: 'the machine has all the files open that it may: see fs.file-max',
    always: true,
  },
  ENOMEM: {
    text: 'cannot allocate memory',
    hint: 'the kernel has no memory left for it: of the machine, or of the cgroup that this process is in',
  },
};

/** The parts of an error about a shortage say so, also where the code came with a file's error or libbpf's words. */
function withShortage(parts: BpfErrorParts): BpfErrorParts {
  const shortage = Object.hasOwn(shortages, parts.code) ? shortages[parts.code] : undefined;
  if (shortage === undefined) return parts;
  const { text, always } = shortage;
  const isSaid = /too many open files|memory/i.test(parts.reason);
  const reason = isSaid ? parts.reason : `${text}: ${parts.reason}`;
  return { ...parts, reason, hint: always ? shortage.hint : (parts.hint ?? shortage.hint) };
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
  /** Negative errno of a system call or of libbpf, where there was one. */
  declare readonly errno?: number;
  /** What to do about it, where that is known. */
  declare readonly hint?: string;
  /** What libbpf said during the call; empty where it said nothing. */
  readonly log: string;

  /** Public, so that tests of an application can make one. */
  constructor(parts: BpfErrorParts) {
    const { code, operation, log, errno, hint, cause, reason } = withShortage(parts);
    super(messageOf({ code, operation, reason, hint }), cause === undefined ? undefined : { cause });
    this.code = code;
    this.operation = operation;
    this.log = log ?? '';
    if (errno !== undefined) this.errno = errno;
    if (hint !== undefined) this.hint = hint;
  }
}

function messageOf({ operation, code, reason, hint }: BpfErrorParts): string {
  const remedy = hint === undefined ? '' : ` (${hint})`;
  return escapeControls(`${operation}: ${code}, ${reason}${remedy}`);
}

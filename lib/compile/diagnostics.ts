/** What clang says, as an error: the first complaint in the message, all of them in the log. */
import { readFileSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';
import { type IncludeFolders, missingIncludes } from './missing-includes.js';

/** How a run of clang ended that made nothing: by its exit code, by a signal, or before it began. */
export interface ClangEnd {
  readonly code?: number | null;
  readonly signal?: NodeJS.Signals | null;
  readonly cause?: Error;
}

/** What was compiled. */
export interface Source {
  /** What messages call it. */
  readonly subject: string;
  readonly path: string;
}

/** The error of a failed run of clang, which looked for headers in these folders. */
export function compileError(
  { subject, path }: Source,
  messages: string,
  end: ClangEnd,
  folders: IncludeFolders,
): BpfError {
  const { code, signal, cause } = end;
  return new BpfError({
    code: 'ERR_BPF_CLANG',
    operation: `compile ${subject}`,
    reason: signal
      ? `clang was ended by the signal ${signal}`
      : (firstComplaint(messages) ?? cause?.message ?? `clang ended with exit code ${code}`),
    hint: signal ? hintForSignal(signal) : hintFor(messages, path, folders),
    log: messages,
    cause,
  });
}

/** The error of an object that clang made with warnings, which may say why it cannot be linked. */
export function linkError(source: string, warnings: string, cause: BpfError): BpfError {
  return new BpfError({
    code: 'ERR_BPF_CLANG',
    operation: `compile ${source}`,
    reason: `clang warned, and what it made cannot be linked: ${cause.message}`,
    log: warnings,
    cause,
  });
}

/** A compiler that a signal has ended says nothing of the source, but that it was this one. */
function hintForSignal(signal: NodeJS.Signals): string {
  if (signal === 'SIGKILL') return 'as by hand, or by the kernel where memory is short: see dmesg';
  return 'try another version, with the clang option or the variable CLANG';
}

function firstComplaint(messages: string): string | undefined {
  return messages.split('\n').find(line => /\b(?:fatal )?error: /.test(line));
}

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /'vmlinux\.h' file not found/,
    'this kernel has no BTF to make it from; make one elsewhere with npx libbpf-ts vmlinux and put it beside the source',
  ],
  [
    /'bpf\/bpf_\w+\.h' file not found/,
    "libbpf's headers are missing from this package; build it: npm run setup",
  ],
  [
    /unable to create target|unknown target/,
    'this clang was built without the BPF target; use LLVM clang 14 or newer',
  ],
];

function hintFor(messages: string, path: string, folders: IncludeFolders): string | undefined {
  const known = hints.find(([pattern]) => pattern.test(messages))?.[1];
  return known ?? missingIncludes(messages, readFileSync(path, 'utf8'), folders);
}

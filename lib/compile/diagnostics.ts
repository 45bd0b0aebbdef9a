/** What clang says, as an error: the first complaint in the message, all of them in the log. */
import type { ExecFileException } from 'node:child_process';
import { BpfError } from '../errors.js';

/** The error of a failed run of clang. */
export function compileError(source: string, messages: string, cause: ExecFileException): BpfError {
  return new BpfError({
    code: 'ERR_BPF_CLANG',
    operation: `compile ${source}`,
    reason: firstComplaint(messages) ?? cause.message,
    hint: hintFor(messages),
    log: messages,
    cause,
  });
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

function hintFor(messages: string): string | undefined {
  return hints.find(([pattern]) => pattern.test(messages))?.[1];
}

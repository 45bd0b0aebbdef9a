/** C in the middle of a program: compiled when it runs, where clang is there. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argumentError, requireOptions, shown } from '../errors/arguments.js';
import { type CLiteral, joinProgram } from './c-template.js';
import { findClang } from './clang.js';
import { type Compiled, type CompileOptions, compileIn, compileOptions } from './compile.js';
import { removeWorkFolders, workFolder } from './leftovers.js';

/** A tag for templates with C. */
export type CTag = (text: TemplateStringsArray, ...values: readonly CLiteral[]) => Promise<Compiled>;

/** What a program that includes nothing has included. */
const prelude = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <libbpf-ts.bpf.h>
`;

/** Of a program that has none: most helpers are for GPL programs alone (`gpl_only` of struct bpf_func_proto in linux/bpf.h). */
const license = '\nchar libbpf_ts_license[] SEC("license") = "GPL";\n';

/**
 * Compiles C that stands in a program: `await load(bpf`…`)`. Messages of clang and of the verifier name the line of the file
 * that it stands in.
 *
 * A value between the parts is a literal of C, never program text: a number, a string in its quotes. Without any `#include`,
 * `vmlinux.h`, libbpf's headers and `libbpf-ts.bpf.h` are included; without a license, it is GPL.
 *
 * @throws BpfError `ERR_BPF_CLANG` when there is no clang, or with clang's messages in `log` when it fails;
 * `ERR_BPF_ARGUMENT` for values that C has no literal for, or that stand in a string or a comment.
 * @example
 * ```ts
 * await using opens = await load(bpf`
 *   __u64 count;
 *   SEC("tracepoint/syscalls/sys_enter_openat")
 *   int opened(void *ctx) {
 *     if (bpf_get_current_pid_tgid() >> 32 == ${process.pid}) __sync_fetch_and_add(&count, 1);
 *     return 0;
 *   }`);
 * await opens.attach();
 * ```
 */
export function bpf(text: TemplateStringsArray, ...values: readonly CLiteral[]): Promise<Compiled>;
/** The same with options: ``bpf({ flags: ['-DDEBUG'] })`…` ``. */
export function bpf(options: CompileOptions): CTag;
export function bpf(
  given: TemplateStringsArray | CompileOptions,
  ...values: readonly CLiteral[]
): Promise<Compiled> | CTag {
  if (isTemplate(given)) return compileText(given.raw, values, {}, callerOf(bpf));
  requireOptions('compile C', given, compileOptions);
  if (typeof given !== 'object' || given === null)
    throw argumentError('compile C', `write bpf\`…\`, or give options; not ${shown(given)}`);
  const tag: CTag = (text, ...more) => {
    if (!isTemplate(text)) throw argumentError('compile C', 'write bpf({ … })`…`');
    return compileText(text.raw, more, given, callerOf(tag));
  };
  return tag;
}

function isTemplate(given: unknown): given is TemplateStringsArray {
  return Array.isArray(given) && Array.isArray((given as { raw?: unknown }).raw);
}

/** Where C stands. */
interface Position {
  readonly file: string;
  readonly line: number;
}

async function compileText(
  parts: readonly string[],
  values: readonly unknown[],
  options: CompileOptions,
  { file, line }: Position,
): Promise<Compiled> {
  const program = joinProgram(parts, values);
  const clang = await findClang(options.clang);
  await removeWorkFolders(tmpdir());
  const folder = await mkdtemp(workFolder(tmpdir()));
  const path = join(folder, 'inline.bpf.c');
  try {
    await writeFile(path, withLines(program, file, line));
    const flags = ['-I', process.cwd(), ...(options.flags ?? [])];
    const compiled = await compileIn(folder, path, clang, { ...options, flags }, `C of ${file}:${line}`);
    return { ...compiled, source: file, dependencies: compiled.dependencies.filter(each => each !== path) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lines count as in the file that the program stands in. */
function withLines(program: string, file: string, line: number): string {
  const before = /^[ \t]*#[ \t]*include\b/m.test(program) ? '' : prelude;
  const after = /SEC\(\s*"license"\s*\)/.test(program) ? '' : license;
  return `${before}#line ${line} ${JSON.stringify(file)}\n${program}${after}`;
}

/** The file and line of the code that called a function, from V8's stack trace. */
function callerOf(callee: (...args: never[]) => unknown): Position {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, callee);
  const [, frame = ''] = holder.stack?.split('\n') ?? [];
  const [, place = '', line = '1'] =
    /\(?([^()]+?):(\d+):\d+\)?$/.exec(frame.replace(/^\s*at (?:async )?/, '')) ?? [];
  const path = place.replace(/^.* \(/, '');
  return {
    file: path.startsWith('file:') ? fileURLToPath(path) : path || 'inline.bpf.c',
    line: Number(line),
  };
}

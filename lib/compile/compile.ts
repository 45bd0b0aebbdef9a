/** From BPF C to an object: clang with the right flags, then libbpf's linker, which drops the debug sections. */

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { requireOptions, requireText } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { findClang } from './clang.js';
import { dependenciesIn } from './dependencies.js';
import { type ClangEnd, compileError, linkError } from './diagnostics.js';
import { clangFlags } from './flags.js';
import { libbpfFolder, vmlinuxFolder } from './headers.js';
import { removeWorkFolders, workFolder } from './leftovers.js';
import { linkObjects } from './linker.js';

/** How to compile; everything has a default. */
export interface CompileOptions {
  /** A path or a name on `PATH`. Default: the variable `CLANG`, then `clang`, `clang-22` down to `clang-14`. */
  readonly clang?: string | undefined;
  /** Further flags for clang, as `-I include` or `-DLIMIT=10`. They come after ours and so win. */
  readonly flags?: readonly string[] | undefined;
  /** The BTF that `vmlinux.h` is made from. Default: the running kernel's, `/sys/kernel/btf/vmlinux`. */
  readonly btf?: string | undefined;
  /** The processor that the object is for, as `process.arch` names it: `x64`, `arm64`. Default: this one. */
  readonly target?: string | undefined;
  /** Where made `vmlinux.h` files are kept. Default: `libbpf-ts` in the user's cache folder. */
  readonly cache?: string | undefined;
  /** Ends clang, and the call by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The names in {@link CompileOptions}. */
export const compileOptions = ['clang', 'flags', 'btf', 'target', 'cache', 'signal'] as const;

/** What came out. */
export interface Compiled {
  /** The file that the program stands in. */
  readonly source: string;
  /** The `.bpf.o` file: ELF with BTF, without DWARF. */
  readonly object: Uint8Array;
  /** What clang said; empty where it found nothing to say. */
  readonly warnings: string;
  /** The source and what it includes of the user's own; a change in one of them means to compile again. */
  readonly dependencies: readonly string[];
  /** The clang that was run. */
  readonly clang: string;
}

/**
 * Compiles one BPF program. Includes find libbpf's `bpf/*.h` and a `vmlinux.h` of the running kernel; one beside
 * the source, or in a folder given by `-I`, comes first. Runs clang without a shell; only for use at build time.
 *
 * @param source - path of a `.bpf.c` file
 * @throws BpfError `ERR_BPF_CLANG` when there is no clang, or with clang's messages in `log` when it fails.
 *
 * @example
 * ```ts
 * const { object } = await compile('hello.bpf.c');
 * await writeFile('hello.bpf.o', object);
 * ```
 */
export async function compile(source: string, options: CompileOptions = {}): Promise<Compiled> {
  requireText('compile', 'a source', source);
  requireOptions('compile', options, compileOptions);
  await requireSource(source);
  const clang = await findClang(options.clang);
  await removeWorkFolders(tmpdir());
  const folder = await mkdtemp(workFolder(tmpdir()));
  try {
    return await compileIn(folder, source, clang, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param subject - what messages call the source */
export async function compileIn(
  folder: string,
  source: string,
  clang: string,
  options: CompileOptions,
  subject = source,
): Promise<Compiled> {
  const paths = { source, object: join(folder, basename(source, '.c')), dependencies: join(folder, 'd') };
  const vmlinux = await vmlinuxFolder(folder, options.btf, options.cache);
  const flags = clangFlags(paths, vmlinux, options.flags, options.target);
  const { messages, end } = await runClang(clang, flags, options.signal);
  if (end) throw compileError({ subject, path: source }, messages, end, { vmlinux, libbpf: libbpfFolder() });
  return {
    source,
    object: await linked(await readFile(paths.object), subject, messages),
    warnings: messages,
    dependencies: dependenciesIn(await readFile(paths.dependencies, 'utf8')),
    clang,
  };
}

/** Where clang only warned of what the linker cannot have, as a function that is not declared, the warnings say why. */
async function linked(object: Uint8Array, source: string, warnings: string): Promise<Uint8Array> {
  try {
    return await linkObjects([object]);
  } catch (error) {
    if (!(error instanceof BpfError) || warnings === '') throw error;
    throw linkError(source, warnings, error);
  }
}

/** What clang said, and how it ended where it made nothing. */
interface ClangRun {
  readonly messages: string;
  readonly end?: ClangEnd;
}

/** In a process group of its own: a clang that starts other programs ends with them. */
function runClang(
  clang: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ClangRun> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(clang, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const said: Buffer[] = [];
    const onAbort = () => endGroup(child.pid);
    const finish = (end?: ClangEnd) =>
      end && signal?.aborted
        ? reject(signal.reason)
        : resolve({ messages: `${Buffer.concat(said)}`, ...(end && { end }) });
    signal?.addEventListener('abort', onAbort);
    child.stderr.on('data', bytes => said.push(bytes));
    child.on('error', cause => finish({ cause }));
    child.on('close', (code, died) => {
      signal?.removeEventListener('abort', onAbort);
      finish(code === 0 ? undefined : { code, signal: died });
    });
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended by itself
  }
}

async function requireSource(source: string): Promise<void> {
  try {
    await readFile(source);
  } catch (cause) {
    const { code = 'ERR_BPF_CLANG', errno } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'no such file' : 'it cannot be read';
    throw new BpfError({ code, errno, operation: `compile ${source}`, reason, cause });
  }
}

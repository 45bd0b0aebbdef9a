/** Replaces files whole: a reader sees the old file or the new one, never a part. */
import { copyFileSync, linkSync, lstatSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { requireBytes, requireList, requireObject, requireText } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { build } from './build.js';
import { partialOf, removePartials } from './leftovers.js';

/** One file for {@link writeTogether}. */
export interface NewFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** One on its way: the new content, and where the old file is kept meanwhile. */
interface Replacement {
  readonly path: string;
  readonly partial: string;
  readonly backup: string;
}

/**
 * Writes files that belong together, as those of {@link build}: either all of them are replaced or none is. What an
 * earlier process left that was killed in the middle is removed. Devices and pipes, as `/dev/null`, stay what they are: they
 * are written to when the files are there.
 *
 * @throws BpfError with the errno's name, naming the file
 * @example
 * ```ts
 * const { objects, module } = await build('hello.bpf.c');
 * const files = objects.map(({ path, object }) => ({ path, content: object }));
 * await writeTogether([...files, { path: 'hello.bpf.ts', content: module }]);
 * ```
 */
export async function writeTogether(files: readonly NewFile[]): Promise<void> {
  requireFiles(files);
  const kept = files.filter(({ path }) => isDevice(path));
  const replaced = files.filter(file => !kept.includes(file));
  for (const { path } of replaced) await removePartials(path);
  const all = replaced.map(file => ({
    ...file,
    partial: partialOf(file.path),
    backup: partialOf(file.path),
  }));
  try {
    for (const { partial, path, content } of all)
      await named(`write ${path}`, () => writeFile(partial, content));
    replaceAll(all);
    for (const { path, content } of kept) await named(`write ${path}`, () => writeFile(path, content));
  } finally {
    for (const { partial, backup } of all)
      for (const path of [partial, backup]) rmSync(path, { force: true });
  }
}

function isDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

function requireFiles(files: readonly NewFile[]): void {
  requireList('write files', 'it takes files', files);
  for (const file of files) {
    requireObject('write files', 'each is a path with its content', file);
    requireText('write files', 'a path', file.path);
    if (typeof file.content !== 'string') requireBytes(`write ${file.path}`, 'its content', file.content);
  }
}

/** In one go: no signal is handled in between. What was replaced before one that cannot be is put back. */
function replaceAll(all: readonly Replacement[]): void {
  const replaced: Replacement[] = [];
  try {
    for (const each of all) {
      namedSync(`write ${each.path}`, () => replace(each));
      replaced.push(each);
    }
  } catch (error) {
    for (const each of replaced.reverse()) putBack(each);
    throw error;
  }
}

function replace({ path, partial, backup }: Replacement): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) keep(path, backup);
  renameSync(partial, path);
}

/** By a second name, which keeps the very file; where the file system has no such names, by a copy. */
function keep(path: string, backup: string): void {
  try {
    linkSync(path, backup);
  } catch {
    copyFileSync(path, backup);
  }
}

function putBack({ path, backup }: Replacement): void {
  if (lstatSync(backup, { throwIfNoEntry: false })) renameSync(backup, path);
  else rmSync(path, { force: true });
}

async function named<T>(operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileError(operation, cause as NodeJS.ErrnoException);
  }
}

function namedSync(operation: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw fileError(operation, cause as NodeJS.ErrnoException);
  }
}

function fileError(operation: string, cause: NodeJS.ErrnoException): BpfError {
  const { code = 'ERR_BPF_ARGUMENT', errno, message } = cause;
  const reason = message.replace(/^\w+: |, \w+( '.*)?$/g, '');
  return new BpfError({ code, errno, operation, reason, cause });
}

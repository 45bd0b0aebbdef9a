/** Files that are replaced whole: whoever reads one sees the old one or the new one. */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { BpfError } from '../errors.js';

/** One file to write. */
export interface NewFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * Writes files that belong together: either all of them are replaced or none is touched.
 *
 * @throws BpfError with the errno's name, naming the file.
 */
export async function writeTogether(files: readonly NewFile[]): Promise<void> {
  const partials = files.map(({ path }) => `${path}.${randomUUID().slice(0, 8)}.partial`);
  const pairs = files.map((file, index) => ({ ...file, partial: partials[index] ?? file.path }));
  try {
    for (const { partial, path, content } of pairs) await named(`write ${path}`, writeFile(partial, content));
    for (const { partial, path } of pairs) await named(`write ${path}`, rename(partial, path));
  } finally {
    await Promise.all(partials.map(partial => rm(partial, { force: true })));
  }
}

/**
 * The bytes of a file.
 *
 * @throws BpfError with the errno's name, naming the file.
 */
export function readNamed(path: string): Promise<Uint8Array> {
  return named(`read ${path}`, readFile(path));
}

async function named<T>(operation: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const { code = 'ERR_BPF_ARGUMENT', errno, message } = cause as NodeJS.ErrnoException;
    const reason = message.replace(/^\w+: |, \w+( '.*)?$/g, '');
    throw new BpfError({ code, errno, operation, reason, cause });
  }
}

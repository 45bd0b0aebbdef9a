/** Files that were named on the command line. */
import { readFile } from 'node:fs/promises';
import { getSystemErrorMap } from 'node:util';
import { BpfError } from '../index.js';

/**
 * The bytes of a file.
 *
 * @throws BpfError with the errno's name, naming the file.
 */
export async function readNamed(path: string): Promise<Uint8Array> {
  return await readFile(path).catch(cause => {
    const { code = 'ERR_BPF_ARGUMENT', errno } = cause as NodeJS.ErrnoException;
    const reason = getSystemErrorMap().get(errno ?? 0)?.[1] ?? String(cause.message);
    throw new BpfError({ code, errno, operation: `read ${path}`, reason, cause });
  });
}

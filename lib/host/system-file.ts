/** Files in which the system tells of itself: where one cannot be read, the error names it, and why that may be. */
import { readFileSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';

/**
 * The text of a file of /proc or /sys.
 *
 * @throws BpfError with the errno's name, that names the file
 */
export function systemText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw systemFileError(path, cause);
  }
}

/** The same without blanks around it; undefined where there is no such file, or this process may not read it. */
export function textIfTold(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (['EMFILE', 'ENFILE', 'ENOMEM'].includes(code)) throw systemFileError(path, cause);
    return undefined;
  }
}

/** The error of such a file, or folder. */
export function systemFileError(path: string, cause: unknown): BpfError {
  const { code = 'EIO', errno } = cause as NodeJS.ErrnoException;
  const [, root = '/'] = /^(\/\w+)/.exec(path) ?? [];
  const hint = code === 'ENOENT' && /^\/(proc|sys)$/.test(root) ? `is ${root} mounted?` : undefined;
  return new BpfError({ code, errno, operation: `read ${path}`, reason: 'it cannot be read', hint, cause });
}

/** What explains an error, where that can be found out: it must not hide the error itself. */
export function ifReadable<T>(explain: () => T): T | undefined {
  try {
    return explain();
  } catch (error) {
    if (error instanceof BpfError) return undefined;
    throw error;
  }
}

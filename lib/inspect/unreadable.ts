/** Folders that are looked through for what is in them: which of those that cannot be read may be left out. */
import { systemFileError } from '../host/system-file.js';

/** What went away meanwhile, and what is not ours to read. */
const mayBeLeftOut = ['ENOENT', 'ENODEV', 'ENOTDIR', 'EACCES', 'EPERM'];

/** Nothing, for a folder that may be left out. @throws BpfError for any other: what is in it would be missed. */
export function noneOf(folder: string, cause: NodeJS.ErrnoException): [] {
  if (mayBeLeftOut.includes(cause.code ?? '')) return [];
  throw systemFileError(folder, cause);
}

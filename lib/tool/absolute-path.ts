/** Absolute paths out of the texts that `paths.bpf.h` writes. */
import { requireBytes } from '../errors/arguments.js';

const decoder = new TextDecoder();

/**
 * The path of a system call, from the root of the process's mount namespace on; an empty one is what it begins at.
 *
 * @param text - as `path_add_base()` of `libbpf-ts.bpf.h` leaves it: the path, then the names of the directories that it
 * begins at, the last one first, each ending in a NUL
 * @param truncated - whether names are missing before the first
 */
export function absolutePath(text: Uint8Array, truncated: boolean): string {
  requireBytes('read a path', 'its text', text);
  const [path = '', ...names] = decoder.decode(text).split('\0').slice(0, -1);
  const base = names.reverse().map(name => `/${name}`);
  const start = (truncated ? '…' : '') + base.join('');
  return path === '' || path.startsWith('/') ? start + path : `${start}/${path}`;
}

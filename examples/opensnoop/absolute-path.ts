/** From the texts of `paths.bpf.h` to absolute paths. */

const decoder = new TextDecoder();

/**
 * The path of a call, from the root of its mount namespace on.
 *
 * @param text - the path, then the names of the directories that it begins at, the last one first, each ending in a NUL
 * @param truncated - whether names are missing before the first
 */
export function absolutePath(text: Uint8Array, truncated: boolean): string {
  const [path = '', ...names] = decoder.decode(text).split('\0').slice(0, -1);
  const base = names.reverse().map(name => `/${name}`);
  const start = (truncated ? '…' : '') + base.join('');
  return path.startsWith('/') ? start + path : `${start}/${path}`;
}

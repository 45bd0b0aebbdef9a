/** Page faults of this process, for what counts or samples them. */

/** More than the C library keeps for later: it comes anew from the kernel, and the first touch of a page is a fault. */
const bytes = 40 << 20;

export function fault(): void {
  const fresh = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 1 << 16) fresh[at] = 1;
}

/** Which program runs this JavaScript: Node-API is the same in all, what lies below it is not. */

/**
 * Whether libuv runs the event loop, and may be asked to watch a descriptor. Bun ends the process where an addon calls
 * `uv_poll_init()` (oven-sh/bun#18546); Deno 2.9 takes the call and reports a descriptor no more after a few times.
 */
export function hasLibuv(versions: Readonly<Record<string, string | undefined>> = process.versions): boolean {
  return versions.bun === undefined && versions.deno === undefined;
}

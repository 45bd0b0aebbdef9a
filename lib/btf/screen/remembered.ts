/** Contents that were looked at before: the same file is opened again and again. They stay as they were looked at. */
import { createHash } from 'node:crypto';

/** Each takes some hundred bytes. */
const most = 10_000;
const passed = new Set<string>();

/**
 * Runs `screen` unless it returned for the same bytes before.
 *
 * @param what - which screening it is
 */
export function screenedBefore(what: string, bytes: Uint8Array, screen: () => void): void {
  const key = what + createHash('sha256').update(bytes).digest('base64');
  if (passed.has(key)) return;
  screen();
  if (passed.size >= most) passed.clear();
  passed.add(key);
}

/** The bytes; a copy of those that another thread may change after they were looked at. */
export function unshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof SharedArrayBuffer ? new Uint8Array(bytes) : bytes;
}

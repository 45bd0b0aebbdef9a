/** Contents that were looked at before: the same file is opened again and again. */
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

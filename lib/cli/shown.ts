/** Decoded values as text for people. */

import { escapeLine } from '../index.js';

/** Text that cannot be mistaken when it stands behind `name=`. */
const plain = /^[\w./:@%+,-]+$/;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** One value on one line: strings quoted where needed, bytes as text where they are text, else hexadecimal. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return plain.test(value) ? value : quoted(value);
  if (value instanceof Uint8Array) return bytes(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${name}=${shown(member)}`);
  return `{${members.join(' ')}}`;
}

/** True for what a fresh array element holds: all zero. */
export function isEmpty(value: unknown): boolean {
  if (value instanceof Uint8Array) return value.every(byte => byte === 0);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isEmpty);
  return value === 0 || value === 0n || value === '' || value === false;
}

/** JSON's escapes, also for what would hide or reorder text. */
function quoted(text: string): string {
  return escapeLine(JSON.stringify(text));
}

function bytes(value: Uint8Array): string {
  return textIn(value) ?? (value.length === 0 ? '""' : Buffer.from(value).toString('hex'));
}

/** Strings with NULs between them, as arguments are; undefined for what is no text. */
function textIn(value: Uint8Array): string | undefined {
  if (value.every(byte => byte === 0)) return undefined;
  try {
    const text = decoder.decode(value);
    return /[^\P{Cc}\0\t\n]/u.test(text) ? undefined : quoted(text).replaceAll('\\u0000', '\\0');
  } catch {
    return undefined;
  }
}

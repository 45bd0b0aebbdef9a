/** The calls that programs make most, on one element, as functions of their own for each map. */

import { placedReader, placedWriter, Scope } from '../codec/index.js';

import type { Errno } from '../native/native.js';
import type { EntryEncoding } from './encoded.js';
import type { EntrySlot } from './entry-slot.js';
import { RawKey } from './raw-key.js';

/** Each as the method of the map that has its name, without options. */
export interface ElementCalls<K, E> {
  get(key: K | RawKey<K>): E | undefined;
  getInto(key: K | RawKey<K>, into: Uint8Array): boolean;
  set(key: K | RawKey<K>, entry: E): void;
  delete(key: K | RawKey<K>): boolean;
}

/** What a call that failed comes to. */
interface Failures {
  /** False where the key is not there; else it throws. */
  found(status: Errno, verb: string): boolean;
  refused(status: Errno, verb: string): never;
}

/**
 * The calls on this slot. What they cannot do, they leave to `others`: raw keys, what does not fit its type, which is
 * explained there, and calls out of a getter of the value that is being written.
 */
export function emitCalls<K, E>(
  encoding: EntryEncoding<K, E>,
  slot: EntrySlot,
  others: ElementCalls<K, E>,
  failures: Failures,
): ElementCalls<K, E> {
  const { keyCodec, entryCodec, writing } = encoding;
  const scope = new Scope();
  const outer = {
    RawKey,
    slot,
    others,
    failures,
    writing,
    writeKey: placedWriter(keyCodec, slot.key.view),
    writeEntry: placedWriter(entryCodec, slot.entry.view),
    readEntry: placedReader(entryCodec, slot.entry.view),
  };
  const names = Object.entries(outer).map(([name, value]) => `const ${name} = ${scope.constant(value)};`);
  // Text of its own for each map, though all are alike: V8 keeps what it learned of calls for each function's text.
  return (scope.compile(`${names.join('\n')}\n${calls}`) as ElementCalls<K, E> | undefined) ?? others;
}

/** `writing.now` keeps a getter's calls on the same map away from the memory that is being written. */
const calls = `
const { lookup, update, delete: remove, entry: { bytes } } = slot;
const passed = key => writing.now || (typeof key === 'object' && key instanceof RawKey);
const encodeKey = key => {
  if (passed(key)) return false;
  writing.now = true;
  const fits = writeKey(key);
  writing.now = false;
  return fits;
};
const encode = (key, entry) => {
  if (passed(key)) return false;
  writing.now = true;
  const fits = writeEntry(entry) && writeKey(key);
  writing.now = false;
  return fits;
};
return {
  get(key) {
    if (!encodeKey(key)) return others.get(key);
    const status = lookup();
    return status === undefined || failures.found(status, 'look up in') ? readEntry() : undefined;
  },
  getInto(key, into) {
    if (!(into instanceof Uint8Array && into.length === bytes.length)) return others.getInto(key, into);
    if (!encodeKey(key)) return others.getInto(key, into);
    const status = lookup();
    if (status !== undefined && !failures.found(status, 'look up in')) return false;
    // A call of set() takes longer than a loop over so few bytes.
    if (bytes.length > 48) into.set(bytes);
    else for (let i = 0; i < bytes.length; i++) into[i] = bytes[i];
    return true;
  },
  set(key, entry) {
    if (!encode(key, entry)) return others.set(key, entry);
    const status = update();
    if (status !== undefined) failures.refused(status, 'update');
  },
  delete(key) {
    if (!encodeKey(key)) return others.delete(key);
    const status = remove();
    return status === undefined || failures.found(status, 'delete from');
  },
};`;

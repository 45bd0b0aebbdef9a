/** What other parts of the room need of a map's elements: calls on many at once, and on a part of one. */
import { native } from '../native/native.js';
import type { BulkAccess } from './bulk/access.js';
import type { MapElements } from './elements.js';
import type { SlotAccess } from './per-cpu-slot.js';

/** For calls on many entries. */
export function bulkAccessTo<K, E>(elements: MapElements<K, E>): BulkAccess<K, E> {
  const { map, keyCodec, entryCodec } = elements;
  const { handle, state, name, keySize } = map;
  return {
    map: {
      handle,
      state,
      name,
      keySize,
      entrySize: entryCodec.size,
      maxEntries: elements.most,
      failure: (status, verb, done) => elements.map.failure(status, verb, undefined, done),
    },
    keyCodec,
    entryCodec,
    putKey: (view, at, key) => elements.putKey(view, at, key),
    putEntry: (view, at, entry) => elements.put(elements.entryCodec, view, at, entry, 'value'),
  };
}

/** For calls whose value is not a whole entry. */
export function slotAccessTo<K, E>(elements: MapElements<K, E>): SlotAccess<K, E> {
  return {
    name: elements.map.name,
    bulk: elements.bulkAccess(),
    lookup: (key, bytes, flags) =>
      native().mapLookupElem(elements.map.use('look up in'), elements.encodeKey(key), bytes, flags),
    update: (key, bytes, flags) =>
      native().mapUpdateElem(elements.map.use('update'), elements.encodeKey(key), bytes, flags),
    lookupEntry: key => elements.lookup(key),
    lookupBytes: key => elements.lookupBytes(key),
    updateEntry: (key, entry, flags) => elements.update(key, entry, flags),
    fail: (status, verb, hint) => elements.map.failure(status, verb, hint),
    naming: (write, what) => elements.naming(write, what),
  };
}

/** Room for one entry of a map, and the calls on what is in it: a key that was written, an entry to write or to read. */
import { failed } from '../native/errno.js';
import { type BoundCalls, type Errno, type MapHandle, native, type Status } from '../native/native.js';

/** Bytes, and a view of them. */
interface Slot {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** A key and an entry, reused from call to call. */
export interface EntrySlot extends Omit<BoundCalls, 'memory'> {
  readonly key: Slot;
  readonly entry: Slot;
}

/** Where the addon lends no memory, or where sizes differ, which each call tells, buffers are passed. */
export function entrySlot(map: MapHandle, keySize: number, entrySize: number): EntrySlot {
  const calls = native().mapBind(map, keySize, entrySize);
  if (failed(calls)) return passing(map, keySize, entrySize);
  const { memory } = calls;
  const key = slotIn(memory, 0, keySize);
  const entry = slotIn(memory, memory.byteLength - entrySize, entrySize);
  return { ...calls, key, entry };
}

function passing(map: MapHandle, keySize: number, entrySize: number): EntrySlot {
  const key = slotIn(new ArrayBuffer(keySize), 0, keySize);
  const entry = slotIn(new ArrayBuffer(entrySize), 0, entrySize);
  return {
    key,
    entry,
    lookup: (flags = 0) => failureOf(native().mapLookupElem(map, key.bytes, entry.bytes, flags)),
    update: (flags = 0) => failureOf(native().mapUpdateElem(map, key.bytes, entry.bytes, flags)),
    lookupAndDelete: (flags = 0) =>
      failureOf(native().mapLookupAndDeleteElem(map, key.bytes, entry.bytes, flags)),
    delete: () => failureOf(native().mapDeleteElem(map, key.bytes)),
  };
}

function failureOf(status: Status): Errno | undefined {
  return failed(status) ? status : undefined;
}

function slotIn(buffer: ArrayBuffer, offset: number, size: number): Slot {
  return { bytes: new Uint8Array(buffer, offset, size), view: new DataView(buffer, offset, size) };
}

/** Elements of many keys in one go, off the main thread. */

import { littleEndian } from '../../btf/byte-order.js';
import { type Codec, rowsOf } from '../../codec/index.js';
import type { BpfError } from '../../errors/bpf-error.js';
import { errnoName, failed } from '../../native/errno.js';
import { job, run } from '../../native/flow.js';
import type { Jobs, MapHandle, Status } from '../../native/native.js';

/** What the addon answers: why it ended, how many were done, and what was read. */
interface Answer {
  readonly status: Status;
  readonly count: number;
  readonly rest: Uint8Array;
}

type Many = 'mapLookupMany' | 'mapUpdateMany' | 'mapDeleteMany';

async function ask<Name extends Many>(name: Name, ...args: Parameters<Jobs[Name]>): Promise<Answer> {
  const [answer] = await run(job(name, ...args));
  if (failed(answer)) return { status: answer, count: 0, rest: new Uint8Array() };
  const { buffer, byteOffset, byteLength } = answer as Uint8Array;
  const view = new DataView(buffer, byteOffset, byteLength);
  const rest = new Uint8Array(buffer, byteOffset + 8, byteLength - 8);
  return { status: view.getInt32(0, littleEndian), count: view.getUint32(4, littleEndian), rest };
}

/** The map's own error of a negative errno, with what was done before. */
export type Failure = (status: Status, verb: string, done?: string) => BpfError;

/** Gets the entries of keys, of so many bytes each; undefined for each that is not there. */
export async function lookupMany<E>(
  handle: MapHandle,
  keys: Uint8Array,
  size: number,
  codec: Codec<E>,
  failure: Failure,
): Promise<(E | undefined)[]> {
  const { status, count, rest } = await ask('mapLookupMany', handle, keys);
  if (status !== 0) throw failure(status, 'look up in');
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  const found = rest.subarray(count * size);
  if (!found.includes(0)) return rowsOf(codec)(view, 0, size, count);
  const read = (i: number) => codec.read(view, i * size, (i + 1) * size);
  return Array.from(found, (there, i) => (there === 1 ? read(i) : undefined));
}

/**
 * Writes entries, in order; how many. Batches take none of the flags (generic_map_update_batch() in
 * kernel/bpf/syscall.c).
 */
export async function updateMany(
  handle: MapHandle,
  keys: Uint8Array,
  entries: Uint8Array,
  flags: number,
  failure: Failure,
): Promise<number> {
  const update = (batch: boolean) => ask('mapUpdateMany', handle, keys, entries, flags, batch);
  const { status, count } = flags === 0 ? await withoutBatch(update) : await update(false);
  if (status === 0) return count;
  throw failure(status, 'update', `the first ${count} entries were written`);
}

/** Deletes the entries of keys; how many there were. */
export async function deleteMany(handle: MapHandle, keys: Uint8Array, failure: Failure): Promise<number> {
  const { status, count } = await withoutBatch(batch => ask('mapDeleteMany', handle, keys, batch));
  if (status === 0) return count;
  throw failure(status, 'delete from', `${count} entries were deleted`);
}

/** One by one where the kind has no batch calls (bpf_map_do_batch() in kernel/bpf/syscall.c). */
async function withoutBatch(call: (batch: boolean) => Promise<Answer>): Promise<Answer> {
  const answer = await call(true);
  return errnoName(answer.status) === 'ENOTSUPP' ? call(false) : answer;
}

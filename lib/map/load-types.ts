/** BTF that a map is made with: the types of its keys and values, as bpftool prints them. */
import { argumentError, requireBytes, requireInteger, requireOptions, shown } from '../errors/arguments.js';
import type { MapDescription } from '../gen/description.js';
import { mapKinds } from '../kinds/map-kinds.js';
import { errnoError, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { mapTypes } from './map-types.js';

/** Types of a map's keys and values. */
export interface MapBtf {
  /**
   * Raw BTF, as `BtfBuilder.bytes()` gives it; the kernel checks it (btf_parse() in kernel/bpf/btf.c), and keeps it
   * as long as the map.
   */
  readonly bytes: Uint8Array;
  /** The key's type in it; 0, void, for kinds without keys. */
  readonly keyTypeId: number;
  /** The value's type in it. */
  readonly valueTypeId: number;
}

/** Types in the kernel, until their descriptor is closed; 0 for none. */
interface LoadedTypes {
  readonly fd: number;
  readonly key: number;
  readonly value: number;
}

/**
 * Loads those that were given; storage is made with types only (bpf_local_storage_map_alloc_check() in
 * kernel/bpf/bpf_local_storage.c).
 */
export function* loadTypes(
  { kind }: MapDescription,
  valueSize: number,
  given: MapBtf | undefined,
  operation: string,
): Flow<LoadedTypes> {
  if (given === undefined && mapKinds[kind].face !== 'storage') return { fd: 0, key: 0, value: 0 };
  const { bytes, keyTypeId, valueTypeId } =
    given === undefined
      ? { bytes: mapTypes(valueSize), keyTypeId: 1, valueTypeId: 4 }
      : requireBtf(operation, given);
  const [fd] = yield* job('btfLoad', bytes, 0);
  if (!failed(fd)) return { fd, key: keyTypeId, value: valueTypeId };
  throw errnoError(fd, `${operation}: load its types`);
}

function requireBtf(operation: string, given: MapBtf): MapBtf {
  if (typeof given !== 'object' || given === null)
    throw argumentError(operation, `btf is { bytes, keyTypeId, valueTypeId }, not ${shown(given)}`);
  requireOptions(operation, given, ['bytes', 'keyTypeId', 'valueTypeId']);
  requireBytes(operation, 'the BTF of a map', given.bytes);
  requireInteger(operation, 'keyTypeId', given.keyTypeId);
  requireInteger(operation, 'valueTypeId', given.valueTypeId);
  return given;
}

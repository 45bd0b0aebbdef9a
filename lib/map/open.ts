/** Maps without an object: those that are there already, by path, id or descriptor. */

import { Btf } from '../btf/index.js';
import { buildCodec, u32 } from '../codec/index.js';
import { argumentError, requireObject, requirePlace } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { MapDescription } from '../gen/description.js';
import { mapKinds } from '../kinds/map-kinds.js';
import { pinError } from '../native/bpffs.js';
import { explainById } from '../native/by-id.js';
import { errnoError, errnoName, failed } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import { type MapHandle, native, type Status } from '../native/native.js';
import { descriptorOf, type WithDescriptor } from './descriptor.js';
import type { LiveMap } from './live-map.js';
import { bareMap } from './makers.js';
import { mapFlags } from './map-flags.js';
import { type MapInfo, readMapInfo } from './map-info.js';
import type { SharedMap } from './map-state.js';
import { unfitMap, unlike } from './unlike.js';
import { valueShape } from './value-shape.js';

/** The file of a pinned map; the kernel's id; a descriptor; or what `share()` answered, in another thread. */
export type MapPlace = string | { readonly id: number } | { readonly fd: number } | SharedMap;

/** How a map is opened. */
export interface OpenMapOptions {
  /** Less than the map's pin or id would allow: then the rest is refused. */
  readonly access?: 'read' | 'write';
}

/**
 * Opens a map that is there: pinned, made by another process, or of another thread. Without a description its keys and
 * values are read by its own BTF; what has none is bytes. A description is as generated modules have them:
 * `map('hash', u32, u64)`, or `probe.description.maps.counts`.
 *
 * @throws BpfError `ENOENT` where nothing is, `ERR_BPF_MAP` where the map is another than described, with each
 * difference; `EPERM` by id without CAP_SYS_ADMIN
 * @example
 * ```ts
 * await using counts = await openMap('/sys/fs/bpf/counts', map('hash', u32, u64));
 * console.log(counts.get(1));
 * ```
 */
export function openMap(place: MapPlace, options?: OpenMapOptions): Promise<LiveMap<MapDescription>>;
export function openMap<D extends MapDescription>(
  place: MapPlace,
  description: D,
  options?: OpenMapOptions,
): Promise<LiveMap<D>>;
export function openMap(place: MapPlace, ...rest: Rest): Promise<LiveMap<MapDescription>> {
  return run(open(place, ...settled(rest)));
}

/** {@link openMap} on this thread. */
export function openMapSync(place: MapPlace, options?: OpenMapOptions): LiveMap<MapDescription>;
export function openMapSync<D extends MapDescription>(
  place: MapPlace,
  description: D,
  options?: OpenMapOptions,
): LiveMap<D>;
export function openMapSync(place: MapPlace, ...rest: Rest): LiveMap<MapDescription> {
  return runSync(open(place, ...settled(rest)));
}

type Rest = [first?: MapDescription | OpenMapOptions, second?: OpenMapOptions];

function settled([first, second]: Rest): [MapDescription | undefined, OpenMapOptions] {
  for (const each of [first, second])
    if (each !== undefined) requireObject('open a map', 'descriptions and options are objects', each);
  return first !== undefined && 'kind' in first ? [first, second ?? {}] : [undefined, first ?? {}];
}

function* open(
  place: MapPlace,
  description: MapDescription | undefined,
  options: OpenMapOptions,
): Flow<LiveMap<MapDescription>> {
  requirePlace('open a map', place);
  const handle = yield* found(place, options);
  try {
    const info = infoOf(handle);
    checkId(place, info);
    if (description !== undefined) checkLike(place, info, description);
    return bareMap(handle, info.name || `${info.id}`, description ?? (yield* described(info)));
  } catch (error) {
    yield* job('mapClose', handle);
    throw error;
  }
}

function* found(place: MapPlace, { access }: OpenMapOptions): Flow<MapHandle> {
  const flags = access === undefined ? 0 : access === 'read' ? mapFlags.rdonly : mapFlags.wronly;
  const [result] =
    typeof place === 'string'
      ? yield* job('mapOpenPinned', place, flags)
      : 'fd' in place
        ? yield* job('mapOpenFd', descriptorOf(place as WithDescriptor, operationOf(place)))
        : yield* job('mapOpenById', idOf(place), flags);
  if (failed(result)) throw refusal(result, place);
  return result;
}

function idOf(place: { readonly id: number }): number {
  if (Number.isInteger(place?.id) && place.id > 0 && place.id < 2 ** 32) return place.id;
  const reason = `a map is opened by its path, { id } or { fd }, not by ${JSON.stringify(place)}`;
  throw argumentError('open a map', reason);
}

function refusal(status: Status, place: MapPlace): BpfError {
  const operation = operationOf(place);
  if (typeof place === 'string') return pinError(status, operation, place);
  const code = errnoName(status);
  if (code === 'ENOENT') return errnoError(status, operation, { reason: 'the kernel has no map of that id' });
  if (code === 'EPERM') return errnoError(status, operation, explainById(status));
  return errnoError(status, operation, { reason: 'that descriptor is no map' });
}

/** A descriptor that was closed and given out again would be another map. */
function checkId(place: MapPlace, { id }: MapInfo): void {
  if (typeof place === 'string' || !('id' in place) || place.id === id) return;
  const hint = 'keep the map open until the worker has opened it';
  const reason = `the descriptor is map ${id} by now`;
  throw new BpfError({ code: 'ERR_BPF_MAP', operation: operationOf(place), reason, hint });
}

function checkLike(place: MapPlace, info: MapInfo, { kind, key, value }: MapDescription): void {
  const isStream = mapKinds[kind].face === 'ring' || mapKinds[kind].face === 'user-ring';
  const wanted = {
    kind,
    ...(key && { keySize: key.size }),
    ...(value && !isStream && { valueSize: value.size }),
  };
  const differences = unlike(info, wanted);
  if (differences.length > 0) throw unfitMap(operationOf(place), differences);
}

/** What the map itself says; without CAP_SYS_ADMIN the kernel gives nobody its types. */
function* described(info: MapInfo): Flow<MapDescription> {
  const btf = yield* typesOf(info);
  return btf === undefined ? { kind: info.kind ?? 'unspec' } : describedLike(info, btf);
}

/** By the types that it was made with. Sections of variables, as arrays of one, have none for their keys. */
export function describedLike(info: MapInfo, btf: Btf): MapDescription {
  const { kind = 'unspec', keyTypeId, keySize, valueTypeId, valueSize } = info;
  const codec = (id: number, size: number) => (id === 0 ? undefined : buildCodec(valueShape(btf, id, size)));
  const indices = kind === 'array' && keyTypeId === 0 ? u32 : undefined;
  return { kind, key: codec(keyTypeId, keySize) ?? indices, value: codec(valueTypeId, valueSize) };
}

/** The types that a map was made with; undefined where it has none, or nobody may see them. */
export function* typesOf(info: MapInfo): Flow<Btf | undefined> {
  if (info.btfId === 0 || info.valueTypeId === 0) return undefined;
  const [bytes] = yield* job('btfById', info.btfId);
  return failed(bytes) ? undefined : Btf.parse(bytes, `types of map ${info.name}`);
}

/** What the kernel tells of a map of a handle. */
export function infoOf(handle: MapHandle): MapInfo {
  const bytes = native().mapInfo(handle);
  if (failed(bytes)) throw errnoError(bytes, 'describe a map');
  return readMapInfo(bytes, native().mapFd(handle));
}

function operationOf(place: MapPlace): string {
  if (typeof place === 'string') return `open the map pinned to ${place}`;
  return 'fd' in place ? `open the map of descriptor ${String(place.fd)}` : `open map ${place.id}`;
}

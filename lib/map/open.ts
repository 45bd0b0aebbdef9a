/** Maps without an object: those that are there already, by path, id or descriptor. */

import { Btf } from '../btf/index.js';
import { buildCodec, u32 } from '../codec/index.js';
import { requireObject, requireOptions } from '../errors/arguments.js';
import type { MapDescription } from '../gen/description.js';
import { type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import { failed } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import type { MapHandle } from '../native/native.js';
import { mapOpening, mapOpeningWith } from '../native/openings.js';
import { type KernelPlace, type Opening, openAt, operationOf } from '../native/place.js';
import { everyMapRow } from './every-row.js';
import { infoOf } from './info.js';
import type { LiveMap } from './live-map.js';
import { bareMap } from './live-maps.js';
import { mapFlags } from './map-flags.js';
import type { MapInfo } from './map-info.js';
import { unfitMap, unlike } from './unlike.js';
import { valueShape } from './value-shape.js';

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
 * difference; `EPERM` by id without CAP_SYS_ADMIN (bpf_map_get_fd_by_id() in kernel/bpf/syscall.c)
 * @example
 * ```ts
 * await using counts = await openMap('/sys/fs/bpf/counts', map('hash', u32, u64));
 * console.log(counts.get(1));
 * ```
 */
export function openMap(place: KernelPlace, options?: OpenMapOptions): Promise<LiveMap<MapDescription>>;
export function openMap<D extends MapDescription>(
  place: KernelPlace,
  description: D,
  options?: OpenMapOptions,
): Promise<LiveMap<D>>;
export function openMap(place: KernelPlace, ...rest: Rest): Promise<LiveMap<MapDescription>> {
  return run(open(place, ...settled(rest)));
}

/** {@link openMap} on this thread. */
export function openMapSync(place: KernelPlace, options?: OpenMapOptions): LiveMap<MapDescription>;
export function openMapSync<D extends MapDescription>(
  place: KernelPlace,
  description: D,
  options?: OpenMapOptions,
): LiveMap<D>;
export function openMapSync(place: KernelPlace, ...rest: Rest): LiveMap<MapDescription> {
  return runSync(open(place, ...settled(rest)));
}

type Rest = [first?: MapDescription | OpenMapOptions, second?: OpenMapOptions];

function settled([first, second]: Rest): [MapDescription | undefined, OpenMapOptions] {
  for (const each of [first, second])
    if (each !== undefined) requireObject('open a map', 'descriptions and options are objects', each);
  return first !== undefined && 'kind' in first ? [first, second ?? {}] : [undefined, first ?? {}];
}

function* open(
  place: KernelPlace,
  description: MapDescription | undefined,
  options: OpenMapOptions,
): Flow<LiveMap<MapDescription>> {
  requireOptions(operationOf(place, 'map'), options, ['access']);
  const handle = yield* openAt(place, openingFor(options.access));
  try {
    const info = infoOf(handle);
    if (description !== undefined) checkLike(place, info, description);
    const known = description ?? (yield* described(info));
    const map = bareMap(handle, info.name || `${info.id}`, known, everyMapRow);
    if (typeof place === 'string') map.pinnedAt(place);
    return map;
  } catch (error) {
    yield* job('mapClose', handle);
    throw error;
  }
}

function openingFor(access: OpenMapOptions['access']): Opening<MapHandle> {
  if (access === undefined) return mapOpening;
  return mapOpeningWith(access === 'read' ? mapFlags.rdonly : mapFlags.wronly);
}

function checkLike(place: KernelPlace, info: MapInfo, { kind, key, value }: MapDescription): void {
  const isStream = mapKinds[kind].face === 'ring' || mapKinds[kind].face === 'user-ring';
  const wanted = {
    kind,
    ...(key && { keySize: key.size }),
    ...(value && !isStream && { valueSize: value.size }),
  };
  const differences = unlike(info, wanted);
  if (differences.length > 0) throw unfitMap(operationOf(place, 'map'), differences);
}

/** A description by the map's `info`; its types take CAP_SYS_ADMIN (bpf_btf_get_fd_by_id() in kernel/bpf/syscall.c). */
function* described(info: MapInfo): Flow<MapDescription> {
  const btf = yield* typesOf(info);
  return btf === undefined ? { kind: knownKind(info) } : describedLike(info, btf);
}

function knownKind({ kind }: MapInfo): MapKindName {
  return Object.hasOwn(mapKinds, kind) ? (kind as MapKindName) : 'unspec';
}

/** By the types that it was made with. Sections of variables, as arrays of one, have none for their keys. */
export function describedLike(info: MapInfo, btf: Btf): MapDescription {
  const { keyTypeId, keySize, valueTypeId, valueSize } = info;
  const kind = knownKind(info);
  const codec = (id: number, size: number) => (id === 0 ? undefined : buildCodec(valueShape(btf, id, size)));
  const indices = kind === 'array' && keyTypeId === 0 ? u32 : undefined;
  return { kind, key: codec(keyTypeId, keySize) ?? indices, value: codec(valueTypeId, valueSize) };
}

/** The types that a map was made with; undefined where it has none, or this process may not see them. */
export function* typesOf(info: MapInfo): Flow<Btf | undefined> {
  if (info.btfId === 0 || info.valueTypeId === 0) return undefined;
  const [bytes] = yield* job('btfById', info.btfId);
  return failed(bytes) ? undefined : Btf.parse(bytes, `types of map ${info.name}`);
}

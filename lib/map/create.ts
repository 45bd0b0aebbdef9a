/** Maps without an object: made here. */

import { closeSync } from 'node:fs';
import type { Codec } from '../codec/index.js';
import { argumentError, requireOptions, shown } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import type { MapDescription } from '../gen/description.js';
import { privilegeHint } from '../host/obstacles.js';
import { type MapKind, mapKinds } from '../kinds/map-kinds.js';
import { errnoError, errnoName, failed } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import type { Status } from '../native/native.js';
import { borrow, mapOpening } from '../native/openings.js';
import { wholePages } from '../native/pages.js';
import type { KernelPlace } from '../native/place.js';
import { everyMapRow } from './every-row.js';
import { lackingForMap } from './lacking.js';
import type { LiveMap } from './live-map.js';

import { bareMap } from './live-maps.js';
import { loadTypes, type MapBtf } from './load-types.js';
import { type MapFlags, mapFlags, mapFlagsOf } from './map-flags.js';

/** What a map is besides its kind, key and value. */
export interface CreateMapOptions {
  /**
   * The kernel keeps 15 characters of letters, digits, `_` and `.` (bpf_obj_name_cpy() in kernel/bpf/syscall.c); none
   * by default.
   */
  readonly name?: string;
  /** Entries at most; of a ring buffer bytes, rounded up to a power of two of pages. Kinds of storage take none. */
  readonly maxEntries?: number;
  readonly flags?: MapFlags;
  /**
   * Of a bloom filter the number of hashes, of an arena its address: `map_extra` (map_create() in
   * kernel/bpf/syscall.c).
   *
   * @since Linux 5.16
   */
  readonly extra?: bigint;
  readonly numaNode?: number;
  /** An interface to offload to. */
  readonly ifindex?: number;
  /** Of a map of maps: a map like its inner ones. */
  readonly template?: KernelPlace;
  /** Bytes of a key or value that no codec describes. */
  readonly keySize?: number;
  readonly valueSize?: number;
  /** Types of its keys and values: `bpftool map dump` prints members by their names then. */
  readonly btf?: MapBtf;
}

/**
 * Makes a map without an object; programs get it by `reuse()` before load. It lives until `close()`, or as long as
 * something else holds or pins it.
 *
 * @param description - as generated modules have them: `map('hash', u32, u64)`
 * @throws BpfError `EINVAL` for sizes or flags that the kind does not take, `EPERM` without CAP_BPF (map_create() in
 * kernel/bpf/syscall.c)
 * @example
 * ```ts
 * await using seen = await createMap(map('lru_hash', u32, u64), { name: 'seen', maxEntries: 1024 });
 * seen.set(1, 10n);
 * ```
 */
export function createMap<D extends MapDescription>(
  description: D,
  options: CreateMapOptions = {},
): Promise<LiveMap<D>> {
  return run(create(description, options));
}

/** {@link createMap} on this thread. */
export function createMapSync<D extends MapDescription>(
  description: D,
  options: CreateMapOptions = {},
): LiveMap<D> {
  return runSync(create(description, options));
}

const mapOptions = [
  'name',
  'maxEntries',
  'flags',
  'extra',
  'numaNode',
  'ifindex',
  'template',
  'keySize',
  'valueSize',
  'btf',
];

function requireDescription(given: unknown): void {
  const { kind } = (given ?? {}) as { readonly kind?: unknown };
  if (typeof kind === 'string' && Object.hasOwn(mapKinds, kind)) return;
  throw argumentError(
    'create a map',
    `a map is described, as by map('hash', u32, u64), and not ${shown(given)}`,
  );
}

function* create<D extends MapDescription>(description: D, options: CreateMapOptions): Flow<LiveMap<D>> {
  requireDescription(description);
  requireOptions('create a map', options, mapOptions);
  const { kind } = description;
  const { name = '', extra = 0n, numaNode, ifindex = 0, template } = options;
  const operation = `create map ${name === '' ? `of kind ${kind}` : name}`;
  const flags =
    mapFlagsOf(options.flags ?? [], operation) | (numaNode === undefined ? 0 : mapFlags.numa_node);
  const sizes = {
    key: sizeOf(description.key, options.keySize, kind, 'key'),
    value: sizeOf(description.value, options.valueSize, kind, 'value'),
  };
  const inner = template === undefined ? undefined : yield* borrow(template, mapOpening);
  const btf = yield* loadTypes(description, sizes.value, options.btf, operation);
  const implied = isStorage(description) ? mapFlags.no_prealloc : 0;
  const [result, log] = yield* job(
    'mapCreate',
    mapKinds[kind].type,
    name,
    sizes.key,
    sizes.value,
    entriesOf(kind, options.maxEntries ?? 0),
    flags | implied,
    extra,
    numaNode ?? 0,
    ifindex,
    inner?.fd ?? 0,
    btf.fd,
    btf.key,
    btf.value,
    0,
  );
  if (btf.fd > 0) closeSync(btf.fd);
  if (inner !== undefined) yield* inner.end();
  if (failed(result)) throw refusal(result, operation, log, description, options, flags);
  return bareMap(result, name || kind, description, everyMapRow);
}

/** The greatest power of two that fits `max_entries`, a `__u32`. */
const largestRing = 2 ** 31;

/** Kinds with sizes that follow from what they are. */
const impliedSizes: Readonly<Partial<Record<MapKind['face'], readonly [key: number, value: number]>>> = {
  programs: [4, 4],
  'perf-events': [4, 4],
  cgroups: [4, 4],
  maps: [4, 4],
  xsks: [4, 4],
  devices: [4, 8],
  cpus: [4, 8],
  sockets: [4, 8],
  stacks: [4, 127 * 8],
  instructions: [4, 16],
  array: [4, 0],
  'per-cpu-array': [4, 0],
  storage: [4, 0],
};

function sizeOf(
  codec: Codec<unknown> | undefined,
  size: number | undefined,
  kind: MapDescription['kind'],
  part: 'key' | 'value',
): number {
  const implied = impliedSizes[mapKinds[kind].face]?.[part === 'key' ? 0 : 1];
  return size ?? (mapKinds[kind].face.endsWith('ring') ? 0 : codec?.size) ?? implied ?? 0;
}

/** No ring is left to be refused for the pages of the machine, which differ. */
function entriesOf(kind: MapDescription['kind'], maxEntries: number): number {
  const isRing = ['ring', 'user-ring'].includes(mapKinds[kind].face);
  return isRing && maxEntries > 0 && maxEntries <= largestRing ? wholePages(maxEntries) : maxEntries;
}

function isStorage({ kind }: MapDescription): boolean {
  return mapKinds[kind].face === 'storage';
}

function refusal(
  status: Status,
  operation: string,
  log: string,
  { kind }: MapDescription,
  { maxEntries = 0, extra }: CreateMapOptions,
  flags: number,
): BpfError {
  const code = errnoName(status);
  if (code === 'EPERM') return errnoError(status, operation, { log, hint: privilegeHint() });
  const lacking = lackingForMap(kind, flags, extra);
  return errnoError(status, operation, { log, hint: sizeHint(code, maxEntries), ...lacking });
}

function sizeHint(code: string, maxEntries: number): string | undefined {
  if (code === 'E2BIG' || code === 'ENOMEM')
    return `${maxEntries} entries are more than the kernel has memory for`;
  if (code !== 'EINVAL') return undefined;
  return 'the kernel takes other sizes, flags or maxEntries for this kind';
}

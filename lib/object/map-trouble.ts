/**
 * Why a map of an object could not be made, of which libbpf logs the errno alone (bpf_object__create_maps() in
 * libbpf.c).
 */
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { isOlderThan } from '../host/kernel.js';
import { mapKindName } from '../kinds/map-kinds.js';
import { infoOf } from '../map/info.js';
import { lackingForMap } from '../map/lacking.js';
import { propertiesOf } from '../map/properties.js';
import { unlike } from '../map/unlike.js';
import { pinTrouble } from '../native/bpffs.js';
import { type Circumstances, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { type MapHandle, native, type Status } from '../native/native.js';

/** The map that libbpf was making when it gave up. */
export function failedMap(log: string): string | undefined {
  return /^libbpf: map '([^']+)': failed to create/m.exec(log)?.[1];
}

/** A map that could not be made. */
interface FailedMap {
  readonly name: string;
  readonly handle: MapHandle;
  /** Whether one program alone is to have it. */
  readonly isExclusive: boolean;
}

/** `excl_prog_hash` of BPF_MAP_CREATE, which map_create() in kernel/bpf/syscall.c has since then. */
const exclusiveSince = '6.18';

/** What a failed load says of a map's pin, size or kind; undefined where that is not it. */
export function* mapTrouble(
  { name, handle, isExclusive }: FailedMap,
  status: Status,
  log: string,
): Flow<Circumstances | undefined> {
  if (isExclusive && isOlderThan(exclusiveSince))
    return { reason: `map ${name} is exclusive, which needs Linux ${exclusiveSince}` };
  const known = (yield* pinnedTrouble(name, handle, log)) ?? sizeTrouble(name, handle, status);
  if (known !== undefined) return known;
  const kind = mapKindName(native().mapType(handle));
  return kind && lackingForMap(kind, native().mapFlags(handle));
}

function* pinnedTrouble(name: string, handle: MapHandle, log: string): Flow<Circumstances | undefined> {
  const [, outside] = /specified path (\S+) is not on BPF FS/.exec(log) ?? [];
  if (outside !== undefined) return outsideBpffs(name, outside);
  const [, other] = /couldn't reuse pinned map at '(.+)': parameter mismatch/.exec(log) ?? [];
  if (other !== undefined) return yield* mismatch(other, handle);
  const [, path, code] =
    /(?:couldn't retrieve pinned map|failed to auto-pin at) '(.+)': -(\w+)/.exec(log) ?? [];
  return path === undefined ? undefined : unusable(path, code ?? '');
}

function outsideBpffs(name: string, path: string): Circumstances {
  const folder = dirname(path);
  const reason = `map ${name} is pinned by its name, and ${folder} is in no BPF file system`;
  return { reason, hint: `mount -t bpf bpf ${folder}, or pinTo() another path before load` };
}

function* mismatch(path: string, handle: MapHandle): Flow<Circumstances> {
  const [there] = yield* job('mapOpenPinned', path, 0);
  const differences = failed(there) ? [] : unlike(infoOf(there), propertiesOf(handle));
  if (!failed(there)) yield* job('mapClose', there);
  const reason = ['the map pinned to', path, 'is another:', differences.join('; ') || 'it has changed'].join(
    ' ',
  );
  return {
    reason,
    hint: "remove the file, or pinTo(path, { unlike: 'replace' }) before load: its content is lost then",
  };
}

/** The kernel says EACCES of a folder, too (bpf_inode_type() in kernel/bpf/inode.c). */
function unusable(path: string, code: string): Circumstances {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    return { reason: `${path} is a folder`, hint: 'remove it, or pinTo() another path before load' };
  return pinTrouble(code, path);
}

/**
 * Kinds with `maxEntries` 0: storage counts none (bpf_local_storage_map_alloc_check() in
 * kernel/bpf/bpf_local_storage.c), and libbpf sets the others' (map_set_def_max_entries() in libbpf.c).
 */
const countless = /storage|struct_ops|perf_event_array/;

function sizeTrouble(name: string, handle: MapHandle, status: Status): Circumstances | undefined {
  const kind = mapKindName(native().mapType(handle)) ?? '';
  if (status !== -constants.errno.EINVAL || countless.test(kind)) return undefined;
  if (native().mapMaxEntries(handle) !== 0) return undefined;
  const reason = `the max_entries of map ${name} is 0`;
  return { reason, hint: `set it before load: opened.maps.${name}.maxEntries = …` };
}

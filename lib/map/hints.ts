/** What to do about a call on a map that failed, with the map's own limits. */
import { type MapKindName, mapKinds } from '../kinds/map-kinds.js';

/** What a hint tells of a map. */
interface Refusing {
  readonly kind: MapKindName;
  readonly maxEntries: number;
  readonly info: { readonly frozen: boolean };
}

/**
 * The remedy, where there is one.
 *
 * @param isThere - whether the map was created
 * @param verb - of the operation, as `update`
 */
export function hintOf(map: Refusing, isThere: boolean, code: string, verb: string): string | undefined {
  const { kind } = map;
  if (code === 'E2BIG' || (code === 'ENOSPC' && kind === 'lpm_trie')) return fullHint(map, verb);
  if (code === 'EEXIST') return "the key is there; 'any' or 'exist' overwrites";
  if (code === 'ENOENT' && kind.endsWith('cgroup_storage'))
    return 'its entries come with attachments: attach a program that uses it to that cgroup';
  if (code === 'ENOENT') return "the key is not there; 'any' or 'noexist' adds it";
  if (code === 'EBADF' && !isThere) return 'it was not created: was its autocreate set to false?';
  if (code === 'EBADF' && /cgroup|cgrp/.test(kind)) return 'give a directory of the cgroup v2 tree';
  if (code === 'EINVAL' && verb === 'delete from')
    return `entries of a map of kind ${kind} cannot be deleted`;
  if (code === 'EPERM') return forbiddenHint(map);
  if (code === 'ENOTSUPP' || code === 'EOPNOTSUPP')
    return `a map of kind ${kind} (Linux ${mapKinds[kind].since}) cannot do that on this kernel`;
  return undefined;
}

/** Kinds that have all their places from the start. */
const indexed = /array|^(devmap|cpumap|xskmap|sockmap)$/;

function fullHint({ kind, maxEntries }: Refusing, verb: string): string {
  if (indexed.test(kind)) return `its indices are 0 to ${maxEntries - 1}`;
  if (verb === 'push to') return `it holds ${maxEntries} values at most; pop some, or push with dropOldest`;
  return `it holds ${maxEntries} entries at most; delete some or set maxEntries before load`;
}

function forbiddenHint({ info }: Refusing): string {
  if (info.frozen) return 'the map is frozen: user space can write it no more';
  return 'the map is read-only or write-only from user space, or was opened so';
}

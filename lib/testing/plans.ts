/** What the maps of an object are made of: kinds and types from its description, sizes from its own BTF. */
import { Btf, type BtfVar, Elf, variablesIn } from '../btf/index.js';
import type { Description, MapDescription } from '../gen/description.js';
import { mapKinds } from '../kinds/map-kinds.js';
import { possibleCpus, stride } from '../map/per-cpu-codec.js';
import { wholePages } from '../native/pages.js';
import type { MapPlan } from './map.js';

/** What `__uint(max_entries, …)` and `__uint(map_flags, …)` say. */
type Declared = ReadonlyMap<string, { readonly maxEntries: number; readonly flags: number }>;

/** Entries of a map whose size its loader sets. */
const usualEntries = 1024;
/** Bytes of a ring whose size its loader sets. */
const usualRing = 256 * 1024;

/** The sizes that an object declares. */
export function declaredIn(elf: Elf): Declared {
  const btf = Btf.fromElf(elf);
  return new Map(
    variablesIn(btf, '.maps').map(variable => {
      const number = (field: string) => declared(btf, variable, field);
      return [variable.name, { maxEntries: number('max_entries'), flags: number('map_flags') }];
    }),
  );
}

/** `__uint(name, N)` is a pointer to an array of N. */
function declared(btf: Btf, { type }: BtfVar, field: string): number {
  const map = btf.type(btf.resolve(type));
  const member = map.kind === 'struct' ? map.members.find(({ name }) => name === field) : undefined;
  const pointer = member && btf.type(btf.resolve(member.type));
  const array = pointer?.kind === 'ptr' ? btf.type(btf.resolve(pointer.type)) : undefined;
  return array?.kind === 'array' ? array.count : 0;
}

/** The bytes of an object, as its description has them. */
export function elfOf({ name, object }: Description): Elf {
  return Elf.parse(object.bytes(), name);
}

/** The plan of one map; `maxEntries` as a loader would set it. */
export function planOf(
  name: string,
  { kind, key, value }: MapDescription,
  declaredSizes: Declared,
  maxEntries?: number,
): MapPlan {
  const { maxEntries: declared = 0, flags = 0 } = declaredSizes.get(name) ?? {};
  const { face } = mapKinds[kind];
  const isRing = face === 'ring' || face === 'user-ring';
  const entries = maxEntries ?? (declared || (isRing ? usualRing : usualEntries));
  const valueSize = isRing ? 0 : (value?.size ?? 4);
  const entrySize = face.startsWith('per-cpu') && value ? stride(value) * possibleCpus() : valueSize;
  const keySize = key?.size ?? (isRing || face === 'queue' || face === 'bloom' ? 0 : 4);
  return {
    name,
    kind,
    keySize,
    valueSize,
    entrySize,
    maxEntries: isRing ? wholePages(entries) : entries,
    flags,
  };
}

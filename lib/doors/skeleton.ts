/**
 * The public door `libbpf-ts/skeleton`: all that generated modules import. Files are named one by one and no door of a
 * room is among them, so that an application's bundle starts with what its objects need.
 */

export { ipv4, ipv6, mac } from '../codec/address.js';
export { array } from '../codec/array.js';
export { bits } from '../codec/bits.js';
export { bytes } from '../codec/bytes.js';
export type { ValueOf } from '../codec/codec.js';
export { enumeration } from '../codec/enumeration.js';
export { flags } from '../codec/flags.js';
export {
  s64number,
  s64numberbe,
  s64rounded,
  s64roundedbe,
  u64number,
  u64numberbe,
  u64rounded,
  u64roundedbe,
} from '../codec/number64.js';
export {
  bool,
  boolbe,
  f32,
  f32be,
  f64,
  f64be,
  pointer,
  pointerbe,
  s8,
  s8be,
  s16,
  s16be,
  s32,
  s32be,
  s64,
  s64be,
  s128,
  s128be,
  u8,
  u8be,
  u16,
  u16be,
  u32,
  u32be,
  u64,
  u64be,
  u128,
  u128be,
} from '../codec/scalar.js';
export { struct, union } from '../codec/struct.js';
export { text } from '../codec/text.js';
export { map } from '../gen/description.js';
export { embedded, external, perArchitecture } from '../gen/source.js';
export { everyMapRow } from '../map/every-row.js';
export {
  arenas,
  arrayMaps,
  bloomFilters,
  cgroupArrays,
  cgroupStorageMaps,
  cpuMaps,
  deviceMaps,
  hashMaps,
  insnArrays,
  lpmTries,
  type MapRow,
  mapsOfMaps,
  opaqueMaps,
  perCpuArrays,
  perCpuCgroupStorageMaps,
  perCpuHashMaps,
  perfEventArrays,
  progArrays,
  queueMaps,
  ringBuffers,
  socketMaps,
  stackTraceMaps,
  storageMaps,
  structOpsMaps,
  userRingBuffers,
  xskMaps,
} from '../map/rows.js';
export type { Kind } from '../object/kinds.js';
export * from '../object/program-kinds.js';
export { type Skeleton, type SkeletonOptions, skeleton } from '../object/skeleton.js';

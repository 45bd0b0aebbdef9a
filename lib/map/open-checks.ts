/** What cannot be changed about a map before load, since its object says more of it. */
import { type Codec, isBytes } from '../codec/index.js';
import { argumentError, requireInteger, requireObject } from '../errors/arguments.js';
import { type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import type { ProgramLike } from '../link/update.js';
import { type MapHandle, native } from '../native/native.js';

/** Kinds that a map may be changed to: those that are used alike. */
export type LikeKind<Kind extends MapKindName> = {
  [Other in MapKindName]: (typeof mapKinds)[Other]['face'] extends (typeof mapKinds)[Kind]['face']
    ? Other
    : never;
}[MapKindName];

/** @throws BpfError `ERR_BPF_ARGUMENT` where a type says how large a key or value is */
export function requireSize(
  operation: string,
  part: 'key' | 'value',
  type: Codec<unknown> | undefined,
  size: number,
): void {
  requireInteger(operation, `the size of a ${part}`, size);
  if (type === undefined || isBytes(type) || type.size === size) return;
  const reason = `its ${part} is ${type.type}, which has ${type.size} bytes`;
  throw argumentError(operation, reason, `declare it by its size alone: __uint(${part}_size, …)`);
}

/** @throws BpfError `ERR_BPF_ARGUMENT` for a kind that is used in another way, as an array for a hash */
export function requireLikeKind(operation: string, kind: MapKindName, other: MapKindName): void {
  if (mapKinds[other]?.face === mapKinds[kind].face) return;
  throw argumentError(operation, `a map of kind ${kind} is used in another way than one of kind ${other}`);
}

/** @throws BpfError `ERR_BPF_ARGUMENT` for a program that is not of the map's own object */
export function setExclusiveProgram(map: MapHandle, program: ProgramLike, operation: string): void {
  requireObject(operation, 'its program is one of opened.programs', program);
  const status = native().mapSetExclusiveProgram(map, program.nativeHandle);
  if (status !== 0) throw argumentError(operation, 'its program is one of the same opened object');
}

/** Types of values, and how much memory each takes. */
import type { Btf } from '../../doors/btf.js';

/** Whose memory a pointer points to. */
export type Space = 'kernel' | 'user';

/** How stacks are printed. */
export type StackMode = 'bpftrace' | 'perf' | 'raw' | 'build_id';

export interface IntType {
  readonly kind: 'int';
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  /** A literal that is not negative: beside an unsigned number it is one. */
  readonly isLiteral?: true;
  /** An enumeration of BTF, whose names `%s` prints. */
  readonly enum?: { readonly btf: Btf; readonly id: number };
}

export interface PointerType {
  readonly kind: 'pointer';
  readonly to: Type;
  readonly space: Space;
}

/** A struct or union by value. Where it is read from memory of the kernel or a process, it is an address until then. */
export interface StructType {
  readonly kind: 'struct';
  readonly btf: Btf;
  readonly id: number;
  readonly size: number;
}

/** Functions that change a map's value: each has a type of its own. */
export type AggregateName = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'stats' | 'hist' | 'lhist';

export interface AggregateType {
  readonly kind: 'aggregate';
  readonly name: AggregateName;
  readonly signed: boolean;
  /** Of `hist` the bits of a power of two's parts; of `lhist` where buckets begin, end, and how wide each is. */
  readonly bits?: number;
  readonly bounds?: { readonly min: bigint; readonly max: bigint; readonly step: bigint };
}

export interface TupleType {
  readonly kind: 'tuple';
  readonly items: readonly Type[];
  /** Of a record. */
  readonly names?: readonly string[];
}

/** Its size counts the NUL behind it, which a text that is full has not; what is behind that is zero. */
export interface StringType {
  readonly kind: 'string';
  readonly size: number;
  /** What is printed behind a text that is full, for it was longer. */
  readonly trailer?: string;
}

export type Type =
  | IntType
  | PointerType
  | StructType
  | AggregateType
  | TupleType
  | {
      readonly kind:
        | 'bool'
        | 'none'
        | 'unknown'
        | 'ksym'
        | 'usym'
        | 'username'
        | 'mac'
        | 'inet'
        | 'cgroup_path';
    }
  | StringType
  | { readonly kind: 'buffer'; readonly size: number }
  | { readonly kind: 'array'; readonly of: Type; readonly count: number }
  | { readonly kind: 'timestamp'; readonly format: string }
  | { readonly kind: 'kstack' | 'ustack'; readonly mode: StackMode; readonly limit: number };

export const unknown: Type = { kind: 'unknown' };
export const none: Type = { kind: 'none' };
export const bool: Type = { kind: 'bool' };
export const int64: IntType = { kind: 'int', size: 8, signed: true };
export const uint64: IntType = { kind: 'int', size: 8, signed: false };
export const uint32: IntType = { kind: 'int', size: 4, signed: false };

/** The smallest type that holds a literal. */
export function literalType(value: bigint): IntType {
  const sizes = [1, 2, 4, 8] as const;
  const size = sizes.find(each => BigInt.asIntN(each * 8, value) === value);
  if (size === undefined) return uint64;
  return { kind: 'int', size, signed: true, ...(value >= 0n && { isLiteral: true }) };
}

/** True for what a register holds. */
export function isScalar({ kind }: Type): boolean {
  return [
    'int',
    'bool',
    'pointer',
    'ksym',
    'username',
    'timestamp',
    'mac',
    'cgroup_path',
    'unknown',
    'none',
  ].includes(kind);
}

const inetBytes = 24;
const frameBytes = 8;

/** Bytes of a value in maps, tuples and events: each part begins at a multiple of 8. */
export function storageSize(type: Type): number {
  switch (type.kind) {
    case 'string':
    case 'struct':
      return padded(type.size);
    case 'buffer':
      return 8 + padded(type.size);
    case 'tuple':
      return type.items.reduce((sum, item) => sum + storageSize(item), 0);
    case 'array':
      return padded(type.count * languageSize(type.of));
    case 'inet':
      return inetBytes;
    case 'usym':
      return 16;
    case 'kstack':
    case 'ustack':
      return 16 + type.limit * frameBytes;
    case 'aggregate':
      return aggregateSize(type);
    default:
      return 8;
  }
}

/** Bytes of one CPU's value. */
function aggregateSize({ name, bits, bounds }: AggregateType): number {
  if (name === 'hist') return 8 * histogramBuckets(bits ?? 0);
  if (name === 'lhist' && bounds) return 8 * (Number((bounds.max - bounds.min) / bounds.step) + 2);
  return name === 'count' || name === 'sum' ? 8 : 16;
}

/** One for negative numbers, one for each number below 2^bits, then 2^bits for each power of two. */
export function histogramBuckets(bits: number): number {
  return 1 + (64 - bits + 1) * 2 ** bits;
}

/** What `sizeof` answers. */
export function languageSize(type: Type): number {
  switch (type.kind) {
    case 'int':
    case 'string':
    case 'struct':
      return type.size;
    case 'bool':
      return 1;
    case 'tuple':
      return tupleSize(type);
    case 'array':
      return type.count * languageSize(type.of);
    default:
      return storageSize(type);
  }
}

/** As a struct of C, in which each number begins at a multiple of its size. */
function tupleSize({ items }: TupleType): number {
  const aligned = (at: number, align: number) => Math.ceil(at / align) * align;
  const end = items.reduce((at, item) => aligned(at, alignment(item)) + languageSize(item), 0);
  return aligned(end, Math.max(1, ...items.map(alignment)));
}

function alignment(type: Type): number {
  if (type.kind === 'tuple') return Math.max(1, ...type.items.map(alignment));
  if (type.kind === 'int') return type.size;
  return isScalar(type) && type.kind !== 'bool' ? 8 : 1;
}

/** The next multiple of 8. */
export function padded(size: number): number {
  return Math.ceil(size / 8) * 8;
}

/** Where each part of a tuple begins. */
export function tupleOffsets({ items }: TupleType): number[] {
  let at = 0;
  return items.map(item => {
    const start = at;
    at += storageSize(item);
    return start;
  });
}

/** 64-bit members of many values, from typed arrays: V8 reads those in half the time that a DataView takes. */
import { littleEndian as hostIsLittle } from '../btf/byte-order.js';
import type { InlineParts } from './inline.js';
import type { Scope } from './scope.js';

/** Counters are often small: of a bigint that is kept, making is the least; the collector moves it twice. */
const small: readonly bigint[] = Array.from({ length: 256 }, (_, value) => BigInt(value));

/** Emits the read of a member that lies at a multiple of eight, in a scope that is aligned; else the other one. */
export function wideSource(
  signed: boolean,
  littleEndian: boolean,
  other: (at: number) => string,
): InlineParts<bigint>['source'] {
  return (at, _end, scope) => {
    if (!scope.aligned || at % 8 !== 0 || !littleEndian || !hostIsLittle) return other(at);
    const word = `${scope.words(signed ? 's64' : 'u64')}[(o + ${at}) >>> 3]`;
    if (!scope.kept) return word;
    const [low, high] = [at, at + 4].map(half => `${scope.words('u32')}[(o + ${half}) >>> 2]`);
    return `(${low} < ${small.length} && ${high} === 0 ? ${scope.constant(small)}[${low}] : ${word})`;
  };
}

/** Emits the write of such a member, whose value was seen to fit; else the other one. */
export function wideStore(
  signed: boolean,
  littleEndian: boolean,
  other: (value: string, at: number) => string,
): (value: string, at: number, scope: Scope) => string {
  return (value, at, scope) => {
    if (!scope.aligned || at % 8 !== 0 || !littleEndian || !hostIsLittle) return other(value, at);
    return `${scope.words(signed ? 's64' : 'u64')}[(o + ${at}) >>> 3] = ${value}`;
  };
}

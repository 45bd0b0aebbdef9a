/** Enumerations, of the size that their constants need. */
import type { BtfBuilder } from '../../doors/btf.js';
import type { KnownType } from './layout.js';

export interface Enumerator {
  readonly name: string;
  readonly value: bigint;
}

export function addEnumeration(builder: BtfBuilder, name: string, values: readonly Enumerator[]): KnownType {
  const signed = values.some(({ value }) => value < 0n);
  const end = 1n << (signed ? 31n : 32n);
  const isWide = values.some(({ value }) => value >= end || value < -(1n << 31n));
  const size = isWide ? 8 : 4;
  const kind = isWide ? 'enum64' : 'enum';
  const list = values.map(each => ({ name: each.name, value: isWide ? each.value : Number(each.value) }));
  return { id: builder.add({ kind, name, size, signed, values: list }), size, align: size };
}

/** Values into memory, as their own type or one that holds more. */
import { constant, load, offsetBy, type Value } from '../form/form.js';
import { isScalar, padded, storageSize, type TupleType, type Type, tupleOffsets } from '../types/type.js';
import type { Lowering } from './lowering.js';

/** Stores a value of one type as another. Of what is in memory the value is its address. */
export function store(lowering: Lowering, to: Value, value: Value, from: Type, as: Type): void {
  if (isScalar(as)) {
    lowering.push({ op: 'store', to, offset: 0, size: 8, value });
    return;
  }
  if (from.kind === 'tuple' && as.kind === 'tuple') {
    storeTuple(lowering, to, value, from, as);
    return;
  }
  const [size, room] = [storageSize(from), storageSize(as)];
  lowering.push({ op: 'copy', to, from: value, size: Math.min(size, room) });
  if (room > size) lowering.push({ op: 'zero', to: offsetBy(to, size), size: room - size });
}

function storeTuple(lowering: Lowering, to: Value, value: Value, from: TupleType, as: TupleType): void {
  const [source, target] = [tupleOffsets(from), tupleOffsets(as)];
  for (const [at, item] of as.items.entries()) {
    const place = as.names && from.names ? from.names.indexOf(as.names[at] ?? '') : at;
    const type = from.items[place] ?? item;
    const address = offsetBy(value, source[place] ?? 0);
    store(lowering, offsetBy(to, target[at] ?? 0), isScalar(type) ? load(address) : address, type, item);
  }
}

/** Text of the script, in memory of its own. */
export function textInFrame(lowering: Lowering, text: string, room = text.length + 1): Value {
  const bytes = Buffer.alloc(padded(room));
  bytes.write(text, 'latin1');
  const frame = lowering.frame(bytes.length);
  for (const [at, word] of words(bytes).entries())
    lowering.push({ op: 'store', to: frame, offset: at * 8, size: 8, value: constant(word) });
  return frame;
}

/** Its bytes as words, in this machine's order. */
export function words(bytes: Buffer): bigint[] {
  return Array.from({ length: bytes.length / 8 }, (_, at) => bytes.readBigInt64LE(at * 8));
}

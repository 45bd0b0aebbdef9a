/** Addresses of networks. */
import { constant, helper, load, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import { arrayAddress } from '../lower/places.js';
import type { CallExpression } from '../tree/tree.js';
import { isScalar, languageSize, storageSize } from '../types/type.js';
import type { FunctionRow } from './row.js';
import { checked, spaceOfPointer } from './strings.js';
import { argumentAt } from './time.js';

export const addresses: readonly FunctionRow[] = [
  { name: 'macaddr', takes: [1, 1], type: checked({ kind: 'mac' }), lower: lowerMac },
  { name: 'ntop', takes: [1, 2], type: checked({ kind: 'inet' }), lower: lowerNtop },
];

function lowerMac(call: CallExpression, lowering: Lowering): Value {
  const given = argumentAt(call, 0);
  const type = lowering.type(given);
  const place = arrayAddress(lowering, given);
  const value = lowering.pin(place?.address ?? lowering.lower(given));
  const to = lowering.frame(8);
  lowering.push({ op: 'store', to, offset: 0, size: 8, value: constant(0) });
  const space = place?.space ?? (isScalar(type) ? spaceOfPointer(type, lowering) : 'kernel');
  lowering.push({ op: 'do', value: helper(`probe_read_${space}`, to, 6, value) });
  return load(to);
}

const families = { ipv4: 2, ipv6: 10 } as const;

/** The family, then 16 bytes. */
function lowerNtop(call: CallExpression, lowering: Lowering): Value {
  const given = argumentAt(call, call.arguments.length - 1);
  const type = lowering.typing.valueType(given);
  const isNumber = isScalar(type);
  const byType =
    isNumber || (type.kind === 'array' ? type.count === 4 : storageSize(type) <= 8)
      ? families.ipv4
      : families.ipv6;
  const family =
    call.arguments.length > 1 ? lowering.pin(lowering.lower(argumentAt(call, 0))) : constant(byType);
  const place = arrayAddress(lowering, given);
  const value = lowering.pin(place?.address ?? lowering.lower(given));
  const to = lowering.frame(24);
  if (to.op !== 'frame') return to;
  lowering.push({ op: 'store', to, offset: 0, size: 8, value: family });
  const bytes: Value = { op: 'frame', offset: to.offset + 8 };
  lowering.push({ op: 'zero', to: bytes, size: 16 });
  if (isNumber) lowering.push({ op: 'store', to: bytes, offset: 0, size: 8, value });
  else
    lowering.push({
      op: 'do',
      value: helper(`probe_read_${place?.space ?? 'kernel'}`, bytes, Math.min(16, languageSize(type)), value),
    });
  return to;
}

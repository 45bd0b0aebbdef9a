/** A type as a record of raw BTF, to be written anew. */
import type { BtfRecord } from './btf-writer.js';
import type { BtfLinkage, BtfType } from './type.js';
import { btfKinds } from './type.js';

/** `BTF_VAR_STATIC` and its like, and `enum btf_func_linkage`: the same numbers (include/uapi/linux/btf.h). */
const linkages: readonly BtfLinkage[] = ['static', 'global', 'extern'];

/**
 * The record of a type.
 *
 * @param renumber - from the ids of its BTF to those of the one that is written
 * @param chosen - indices of the members that are written; all of them by default
 */
export function recordOf(
  type: BtfType,
  renumber: (id: number) => number,
  chosen?: ReadonlySet<number>,
): BtfRecord {
  const { name } = type;
  const kind = btfKinds.indexOf(type.kind as (typeof btfKinds)[number]);
  switch (type.kind) {
    case 'int': {
      const encoding = (type.signed ? 1 : 0) | (type.bool ? 4 : 0);
      return {
        name,
        kind,
        third: type.size,
        body: [((encoding << 24) | (type.bitOffset << 16) | type.bits) >>> 0],
      };
    }
    case 'float':
      return { name, kind, third: type.size };
    case 'array':
      return { name, kind, third: 0, body: [renumber(type.type), renumber(type.indexType), type.count] };
    case 'struct':
    case 'union': {
      const members = type.members.filter((_, i) => chosen?.has(i) ?? true);
      const body = members.flatMap(({ name, type, bitOffset, bits }) => [
        name,
        renumber(type),
        ((bits << 24) | bitOffset) >>> 0,
      ]);
      return {
        name,
        kind,
        flag: members.some(({ bits }) => bits > 0),
        length: members.length,
        third: type.size,
        body,
      };
    }
    case 'enum':
    case 'enum64':
      return {
        name,
        kind,
        flag: type.signed,
        length: type.values.length,
        third: type.size,
        body: enumBody(type),
      };
    case 'func':
      return { name, kind, length: linkages.indexOf(type.linkage), third: renumber(type.type) };
    case 'var':
      return { name, kind, third: renumber(type.type), body: [linkages.indexOf(type.linkage)] };
    case 'datasec': {
      const body = type.variables.flatMap(({ type, offset, size }) => [renumber(type), offset, size]);
      return { name, kind, length: type.variables.length, third: type.size, body };
    }
    case 'decl_tag':
      return {
        name,
        kind,
        flag: type.attribute,
        third: renumber(type.type),
        body: [type.component >>> 0],
      };
    case 'type_tag':
      return { name, kind, flag: type.attribute, third: renumber(type.type) };
    case 'fwd':
      return { name, kind, flag: type.of === 'union', third: 0 };
    case 'func_proto': {
      const params = type.params.flatMap(({ name, type }) => [name, renumber(type)]);
      const body = type.variadic ? [...params, '', 0] : params;
      return { name, kind, length: body.length / 2, third: renumber(type.type), body };
    }
    default:
      return { name, kind, third: 'type' in type ? renumber(type.type) : 0 };
  }
}

function enumBody({ kind, values }: Extract<BtfType, { values: unknown }>): (number | string)[] {
  return values.flatMap(({ name, value }) => {
    const low = Number(BigInt.asUintN(32, BigInt(value)));
    return kind === 'enum' ? [name, low] : [name, low, Number(BigInt.asUintN(32, BigInt(value) >> 32n))];
  });
}

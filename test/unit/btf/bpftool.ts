/** Our view of a type in the words of `bpftool btf dump -j`, so that the two can be compared. */
import type { Btf, BtfType } from '../../../lib/btf/index.js';

/** One type as bpftool prints it. */
export type Dumped = Readonly<Record<string, unknown>>;

const named = (name: string) => name || '(anon)';

/** The type with that id as bpftool prints it. */
export function asBpftool(btf: Btf, id: number): Dumped {
  const type = btf.type(id);
  return { id, kind: type.kind.toUpperCase(), name: named(type.name), ...rest(btf, type) };
}

function rest(btf: Btf, type: BtfType): Dumped {
  switch (type.kind) {
    case 'int': {
      const { size, bits, bitOffset, signed, bool } = type;
      const encoding = signed ? 'SIGNED' : bool ? 'BOOL' : '(none)';
      return { size, bits_offset: bitOffset, nr_bits: bits, encoding };
    }
    case 'array':
      return { type_id: type.type, index_type_id: type.indexType, nr_elems: type.count };
    case 'struct':
    case 'union':
      return { size: type.size, vlen: type.members.length, members: members(btf, type.id) };
    case 'enum':
    case 'enum64': {
      const values = type.values.map(({ name, value }) => ({ name: named(name), val: Number(value) }));
      return { encoding: type.signed ? 'SIGNED' : 'UNSIGNED', size: type.size, vlen: values.length, values };
    }
    case 'fwd':
      return { fwd_kind: type.of };
    case 'func':
      return { type_id: type.type, linkage: type.linkage };
    case 'func_proto': {
      const dots = type.variadic ? [{ name: '(anon)', type_id: 0 }] : [];
      const params = [
        ...type.params.map(({ name, type }) => ({ name: named(name), type_id: type })),
        ...dots,
      ];
      return { ret_type_id: type.type, vlen: params.length, params };
    }
    case 'var':
      return { type_id: type.type, linkage: type.linkage };
    case 'datasec': {
      const vars = type.variables.map(({ type, offset, size }) => ({ type_id: type, offset, size }));
      return { size: type.size, vlen: vars.length, vars };
    }
    case 'float':
      return { size: type.size };
    case 'decl_tag':
      return { type_id: type.type, component_idx: type.component };
    case 'void':
    case 'unknown':
      return {};
    default:
      return { type_id: type.type };
  }
}

function members(btf: Btf, id: number) {
  const type = btf.type(id);
  if (type.kind !== 'struct' && type.kind !== 'union') return [];
  return type.members.map(({ name, type, bitOffset, bits }) => ({
    name: named(name),
    type_id: type,
    bits_offset: bitOffset,
    ...(bits && { bitfield_size: bits }),
  }));
}

/** bpftool's output without what it adds to ours: names of section variables. */
export function dumped(json: string): Dumped[] {
  const exact = json.replaceAll(/"val":(\d{16,})/g, '"val":"$1"');
  const { types } = JSON.parse(exact) as { types: Record<string, unknown>[] };
  return types.map(type => ({ ...type, ...withoutNames(type), ...withExactValues(type) }));
}

function withoutNames({ vars }: { vars?: Record<string, unknown>[] }) {
  return vars && { vars: vars.map(({ name: _, ...rest }) => rest) };
}

/** bpftool prints an unsigned 32-bit value as if it were signed and then 64 bits wide. */
function withExactValues({ kind, values }: { kind?: string; values?: { val: unknown }[] }) {
  const exact = (val: unknown) =>
    Number(kind === 'ENUM' ? BigInt.asUintN(32, BigInt(String(val))) : BigInt(String(val)));
  return (
    values && {
      values: values.map(value =>
        typeof value.val === 'string' ? { ...value, val: exact(value.val) } : value,
      ),
    }
  );
}

/** A struct's members as C code names them: those of anonymous structs and unions stand beside the others. */
import type { Btf, BtfStruct } from '../btf/index.js';
import { BpfError } from '../errors/bpf-error.js';

/** More than any real struct has; only a hostile one multiplies its members by nesting. */
const most = 65_536;
const deepest = 64;

/** One named member, placed in the outermost struct. */
export interface FlatMember {
  readonly name: string;
  /** Id of its type. */
  readonly type: number;
  /** First bit, and the bit after the last. */
  readonly start: number;
  readonly end: number;
  /** Width of a bitfield, else 0. */
  readonly bits: number;
}

/** All named members in order of declaration; of two with one name, which C forbids, the first. */
export function flatten(btf: Btf, struct: BtfStruct): readonly FlatMember[] {
  const found = new Map<string, FlatMember>();
  let visited = 0;
  const collect = ({ members }: BtfStruct, base: number, depth: number) => {
    for (const { name, type, bitOffset, bits } of members) {
      if (depth > deepest || ++visited > most) throw tooMany(btf, struct);
      const start = base + bitOffset;
      const inner = name === '' ? btf.type(btf.resolve(type)) : undefined;
      if (inner?.kind === 'struct' || inner?.kind === 'union') collect(inner, start, depth + 1);
      else if (name !== '' && !found.has(name)) found.set(name, place(btf, name, type, start, bits));
    }
  };
  collect(struct, 0, 0);
  return [...found.values()];
}

function place(btf: Btf, name: string, type: number, start: number, bits: number): FlatMember {
  return { name, type, start, end: start + (bits || btf.sizeOf(type) * 8), bits };
}

function tooMany(btf: Btf, { id, kind, name }: BtfStruct): BpfError {
  const reason = `BTF type ${id}, ${kind} ${name}, contains itself, or has more than ${most} members`;
  return new BpfError({ code: 'ERR_BPF_BTF', operation: `read ${btf.subject}`, reason });
}

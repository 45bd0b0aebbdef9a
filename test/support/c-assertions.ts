/** What bpftool says of layouts, as assertions that a C compiler checks. */
import { run } from './clang.js';

interface DumpedType {
  readonly kind: string;
  readonly name: string;
  readonly size: number;
  readonly members?: readonly {
    readonly name: string;
    readonly bits_offset: number;
    readonly bitfield_size?: number;
  }[];
}

/** Assertions over every struct and union that has a name of its own, and how many types and members they are of. */
export function assertions(path: string): { text: string; types: number; members: number } {
  const { types } = JSON.parse(run('bpftool', '-j', 'btf', 'dump', 'file', path)) as { types: DumpedType[] };
  const taken = new Set(types.filter(({ kind }) => kind.startsWith('ENUM')).map(({ name }) => name));
  const lines: string[] = [];
  let [asserted, members] = [0, 0];
  for (const type of types) {
    if ((type.kind !== 'STRUCT' && type.kind !== 'UNION') || type.name === '(anon)' || taken.has(type.name))
      continue;
    taken.add(type.name);
    const name = `${type.kind.toLowerCase()} ${type.name}`;
    const offsets = (type.members ?? []).filter(member => member.name !== '(anon)' && !member.bitfield_size);
    lines.push(`_Static_assert(sizeof(${name}) == ${type.size}, "");`);
    for (const { name: member, bits_offset } of offsets)
      lines.push(`_Static_assert(__builtin_offsetof(${name}, ${member}) == ${bits_offset / 8}, "");`);
    asserted++;
    members += offsets.length;
  }
  return { text: `${lines.join('\n')}\n`, types: asserted, members };
}

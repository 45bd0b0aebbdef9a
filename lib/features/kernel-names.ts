/** What the kernel's own BTF names: enumerators of its interface, and functions that programs may call. */
import type { Btf } from '../btf/index.js';
import type { BpfError } from '../errors/bpf-error.js';
import { kernelBtf } from '../host/kernel-types.js';
import { absent, type Feature, present, unknown } from './feature.js';

/** The kernel's types; undefined where it has none. */
export function ownTypes(): Btf | undefined {
  try {
    return kernelBtf();
  } catch (error) {
    if ((error as BpfError).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Values of an enumeration of the kernel's; undefined where its BTF has none of that name. */
export function enumValues(btf: Btf | undefined, name: string): ReadonlySet<number> | undefined {
  const id = btf?.find('enum', name);
  const type = id === undefined ? undefined : btf?.type(id);
  if (type?.kind !== 'enum') return undefined;
  // The end of each is marked by an enumerator of its own, with the number that the next one will have.
  const real = type.values.filter(({ name }) => !/(^|_)MAX(_|$)/.test(name));
  return new Set(real.map(({ value }) => Number(value)));
}

/**
 * Whether the kernel has a function for programs to call. From Linux 6.11 on BTF tags them (`decl_tag_kfuncs` in
 * scripts/Makefile.btf); before, a function that is there may be one or not.
 *
 * @example
 * ```ts
 * const { answer } = await probeKfunc('bpf_task_acquire');
 * ```
 */
export async function probeKfunc(name: string): Promise<Feature> {
  return probeKfuncSync(name);
}

/** {@link probeKfunc} on this thread. */
export function probeKfuncSync(name: string): Feature {
  const btf = ownTypes();
  if (btf === undefined) return unknown(undefined, 'the kernel has no BTF');
  const id = btf.find('func', name);
  if (id === undefined) return absent(undefined, 'the kernel, without its modules, has no such function');
  const marked = kfuncIds(btf);
  if (marked.size === 0)
    return unknown(undefined, 'the function is there, but this kernel does not mark kfuncs');
  return marked.has(id) ? present(undefined) : absent(undefined, 'the function is there, but is no kfunc');
}

const marks = new WeakMap<Btf, ReadonlySet<number>>();

/** Functions with the tag `bpf_kfunc`. */
function kfuncIds(btf: Btf): ReadonlySet<number> {
  const before = marks.get(btf);
  if (before !== undefined) return before;
  const ids = new Set<number>();
  for (const id of btf.findAll('decl_tag', 'bpf_kfunc')) {
    const tag = btf.type(id);
    if (tag.kind === 'decl_tag') ids.add(tag.type);
  }
  marks.set(btf, ids);
  return ids;
}

/** Names of the kernel's kfuncs, sorted; none where it does not mark them. */
export function kfuncNames(): string[] {
  const btf = ownTypes();
  if (btf === undefined) return [];
  return Array.from(kfuncIds(btf), id => btf.name(id)).sort();
}

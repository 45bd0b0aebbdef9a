/**
 * Descriptors of programs, maps, links and types: their names in /proc/self/fd, and the fields of fdinfo with their
 * ids (bpf_prog_show_fdinfo() in kernel/bpf/syscall.c and its like).
 */

/** What a descriptor can be of. */
export type DescriptorKind = 'program' | 'map' | 'link' | 'btf';

const targets: Readonly<Record<string, readonly [kind: DescriptorKind, field: string]>> = {
  'anon_inode:bpf-prog': ['program', 'prog_id'],
  'anon_inode:bpf-map': ['map', 'map_id'],
  'anon_inode:bpf_link': ['link', 'link_id'],
  // The same, of a link that was opened again.
  'anon_inode:bpf-link': ['link', 'link_id'],
  'anon_inode:btf': ['btf', 'btf_id'],
};

/** The kind, by what the link in /proc says; undefined for others. */
export function kindOfTarget(target: string): DescriptorKind | undefined {
  return Object.hasOwn(targets, target) ? targets[target]?.[0] : undefined;
}

/** The number of a thing of that kind, from the lines of its fdinfo; undefined where it is not in them. */
export function numberIn(fdinfo: string, kind: DescriptorKind): number | undefined {
  const [, field = ''] = Object.values(targets).find(([name]) => name === kind) ?? [];
  return fieldIn(fdinfo, field);
}

/** A number by its name, as `memlock`; undefined where it is not in the lines. */
export function fieldIn(fdinfo: string, name: string): number | undefined {
  const [, number] = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(fdinfo) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** This process's file descriptors, as the kernel tells of them. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What each open descriptor is, as `anon_inode:bpf-map`. */
export function descriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // the descriptor of the listing itself
    }
  });
}

/** How many descriptors of BPF programs, maps, links and BTF are open. */
export function bpfDescriptors(): number {
  return descriptors().filter(target => target.includes('bpf') || target.includes('btf')).length;
}

/** A number that the kernel tells of a descriptor, as `prog_id`. */
export function fdInfo(fd: number, field: string): number {
  const line = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').match(new RegExp(`^${field}:\\s*(\\d+)`, 'm'));
  return Number(line?.[1] ?? Number.NaN);
}

/** The kernel's ids of the maps that this process holds. */
export function ownMapIds(): number[] {
  return readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const isMap = readlinkSync(`/proc/self/fd/${fd}`).includes('bpf-map');
      return isMap ? [fdInfo(Number(fd), 'map_id')] : [];
    } catch {
      return [];
    }
  });
}

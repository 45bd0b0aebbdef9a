/** Cgroups by their folders, of both versions. */
import { readFileSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { kernelBtf } from '../doors/inspect.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Owner } from './owner.js';

/** `CGROUP_SUPER_MAGIC` and `CGROUP2_SUPER_MAGIC` in include/uapi/linux/magic.h. */
const [version1, version2] = [0x27e0eb, 0x63677270];

/** A cgroup that is there. */
export interface CgroupPlace extends Owner {
  readonly kind: 'cgroup';
  /** Its folder, without symbolic links. */
  readonly path: string;
  readonly version: 1 | 2;
}

/**
 * The cgroup of a folder.
 *
 * @throws BpfError with the errno's name for one that is not there, `EBADF` for what is no cgroup, and for one of the first
 * version's hierarchies that has no controller: from a thread, programs find it by no number (cgroups(7)).
 */
export function cgroupAt(folder: string): CgroupPlace {
  const operation = `observe cgroup ${folder}`;
  try {
    const path = realpathSync(folder);
    const { ino: id } = statSync(path, { bigint: true });
    const { type } = statfsSync(path);
    if (type === version2) return { kind: 'cgroup', id, hierarchy: 0, path, version: 2 };
    if (type === version1)
      return { kind: 'cgroup', id, hierarchy: hierarchyOf(path, operation), path, version: 1 };
  } catch (cause) {
    if (cause instanceof BpfError) throw cause;
    const { code = 'EIO', errno } = cause as NodeJS.ErrnoException;
    throw new BpfError({ code, errno, operation, reason: 'there is no such folder to be read', cause });
  }
  throw refused(operation, 'it is no folder of a cgroup', 'see /proc/self/mounts for cgroup and cgroup2');
}

/**
 * Where programs look for cgroups of the hierarchy with these controllers: what `subsys` of `struct css_set` is indexed by, and
 * one (enum cgroup_subsys_id in include/linux/cgroup-defs.h). Undefined where it has none.
 */
export function subsystemOf(controllers: readonly string[]): number | undefined {
  const names = controllers.map(name => `${name === 'blkio' ? 'io' : name}_cgrp_id`);
  const { values } = kernelBtf().get('enum cgroup_subsys_id');
  const known = values.find(({ name }) => names.includes(name));
  return known && Number(known.value) + 1;
}

function hierarchyOf(path: string, operation: string): number {
  const known = subsystemOf(controllersOf(path));
  if (known !== undefined) return known;
  const hint = 'name the same cgroup in the hierarchy of a controller, as cpu or memory';
  throw refused(operation, 'its hierarchy has no controller', hint);
}

/** Options of the mount that a path lies on. */
function controllersOf(path: string): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' '));
  const around = mounts.filter(
    ([, place = '', type]) => type === 'cgroup' && `${path}/`.startsWith(`${place}/`),
  );
  const [nearest] = around.sort(([, a = ''], [, b = '']) => b.length - a.length);
  return nearest?.[3]?.split(',') ?? [];
}

function refused(operation: string, reason: string, hint: string): BpfError {
  return new BpfError({ code: 'EBADF', operation, reason, hint });
}

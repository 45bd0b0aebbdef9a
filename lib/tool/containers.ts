/** Containers by their ids: their engines name cgroups after them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../command/command.js';

/**
 * The cgroup of a container, by how its id begins: `docker-ID.scope`, `cri-containerd-ID.scope`, `libpod-ID.scope`, or ID
 * alone.
 *
 * @throws UsageError where there is none, or more than one
 */
export function findContainer(tool: string, id: string): string {
  if (!/^[0-9a-f]{4,64}$/.test(id))
    throw new UsageError(tool, `--container takes an id of 4 to 64 hexadecimal digits, not ${id}`);
  const found = containersBelow(cgroupRoot(tool), new RegExp(`^(?:[\\w-]+-)?${id}[0-9a-f]*(?:\\.scope)?$`));
  const [first, second] = found;
  if (first === undefined) throw new UsageError(tool, `no cgroup is named after a container ${id}`);
  if (second !== undefined)
    throw new UsageError(tool, `${id} begins several containers: ${found.join(', ')}`);
  return first;
}

/** The outermost cgroups of that name; what is below one is the container's own. */
function containersBelow(folder: string, name: RegExp): string[] {
  const folders = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory());
  return folders.flatMap(entry => {
    const path = join(folder, entry.name);
    return name.test(entry.name) ? [path] : containersBelow(path, name);
  });
}

function cgroupRoot(tool: string): string {
  const [, path] = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/self/mounts', 'utf8')) ?? [];
  if (path === undefined) throw new UsageError(tool, 'cgroups of version 2 are not mounted here');
  return path;
}

/** The container of a process, as its /proc tells. */
import { readFileSync } from 'node:fs';
import { requireInteger } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { containerAt } from './cgroup-path.js';
import type { Container } from './container.js';

/**
 * The container that a process is in; undefined where it is in none.
 *
 * Its cgroups tell it. A cgroup namespace hides them from those inside (cgroup_namespaces(7)); there the mounts that engines make for names and
 * addresses tell the id (Docker, Podman) or the pod (Kubernetes).
 *
 * @param pid - as this process's pid namespace numbers it. Default: this process.
 * @throws BpfError `ESRCH` where there is no such process
 *
 * @example
 * ```ts
 * console.log(containerOf()?.id ?? 'in no container');
 * ```
 */
export function containerOf(pid: number = process.pid): Container | undefined {
  requireInteger('find a container', 'pid', pid, 2 ** 22);
  return containerInCgroups(read(pid, 'cgroup')) ?? containerInMounts(read(pid, 'mountinfo'));
}

/** @param text - of /proc/PID/cgroup: version 2 is the last line, and what engines of today fill */
export function containerInCgroups(text: string): Container | undefined {
  const paths = [...text.matchAll(/^\d+:[^:]*:(.*)$/gm)].map(([, path = '']) => path);
  return paths
    .reverse()
    .map(containerAt)
    .find(found => found !== undefined);
}

/** Files of /etc that engines mount from folders of the container: by them its id is seen from inside. */
const etcOf: readonly (readonly ['docker' | 'podman', RegExp])[] = [
  ['docker', /\/docker\/containers\/([0-9a-f]{64})\/(?:hostname|hosts|resolv\.conf) /],
  ['podman', /\/overlay-containers\/([0-9a-f]{64})\/userdata\/(?:hostname|hosts|resolv\.conf) /],
];
const kubelet = /\/kubelet\/pods\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\/etc-hosts /;

/** @param text - of /proc/PID/mountinfo */
export function containerInMounts(text: string): Container | undefined {
  const nothing = { id: undefined, engine: undefined, pod: undefined, cgroup: undefined, outer: undefined };
  for (const [engine, pattern] of etcOf) {
    const [, id] = pattern.exec(text) ?? [];
    if (id !== undefined) return { ...nothing, id, engine };
  }
  const [, uid] = kubelet.exec(text) ?? [];
  return uid === undefined ? undefined : { ...nothing, pod: { uid, qos: undefined } };
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (cause) {
    const { code = 'EIO' } = cause as NodeJS.ErrnoException;
    const isGone = code === 'ENOENT' || code === 'ESRCH';
    throw new BpfError({
      code: isGone ? 'ESRCH' : code,
      operation: `find the container of process ${pid}`,
      reason: isGone ? 'there is no such process' : `its ${file} cannot be read`,
      cause,
    });
  }
}

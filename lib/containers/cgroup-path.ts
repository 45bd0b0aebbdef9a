/** From the path of a cgroup to the container that it is. Engines name them in their own ways, by systemd or without. */
import { argumentError, shown } from '../errors/arguments.js';
import type { Container, ContainerEngine, Pod } from './container.js';

/** 64 hexadecimal digits: what Docker, containerd, CRI-O and Podman draw for a container. */
const ociId = '[0-9a-f]{64}';

/** What a name begins with, by engine: `docker-ID.scope` where systemd makes the cgroup, `crio-ID` where it does not. */
const prefixes: Readonly<Record<string, ContainerEngine>> = {
  docker: 'docker',
  'cri-containerd': 'containerd',
  containerd: 'containerd',
  nerdctl: 'containerd',
  crio: 'cri-o',
  libpod: 'podman',
};

const scope = new RegExp(`^(${Object.keys(prefixes).join('|')})-(${ociId})(?:\\.scope)?$`);
/** Without cgroups of its own, containerd has systemd's way of naming in one part: `SLICE:cri-containerd:ID`. */
const sliced = new RegExp(`^[^:]+:(${Object.keys(prefixes).join('|')}):(${ociId})$`);
const bare = new RegExp(`^(${ociId})(?:\\.scope)?$`);
/** A task of Amazon's ECS on machines that it runs itself. */
const ecsTask = /^([0-9a-f]{32}-[0-9]+)$/;
const lxc = /^lxc\.payload\.(.+)$/;
const nspawn = /^(?:systemd-nspawn@(.+)\.service|machine-(.+)\.scope)$/;

const podName =
  /(?:^|[-/])pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?=$|[/:])/;

/**
 * The innermost container that a cgroup belongs to; undefined where there is none. A monitor beside a container, as
 * `libpod-conmon-ID.scope`, is none.
 *
 * @param path - below the root of its hierarchy, as /proc/PID/cgroup has it
 *
 * @example
 * ```ts
 * const id = '4f797c539e6c745de61a93ca3ff892358ecbcaccd8414d5db545c38428142970';
 * console.log(containerAt(`/system.slice/docker-${id}.scope`)?.engine); // docker
 * ```
 */
export function containerAt(path: string): Container | undefined {
  if (typeof path !== 'string')
    throw argumentError('find a container', `the path of a cgroup is text, not ${shown(path)}`);
  const parts = path.split('/');
  let found: Container | undefined;
  for (const [index, part] of parts.entries()) {
    const named = nameIn(part, parts[index - 1] ?? '');
    // Docker's own containers may have a cgroup of the same name below their cgroup.
    if (named === undefined || named.id === found?.id) continue;
    found = { ...named, pod: podIn(path, index), cgroup: parts.slice(0, index + 1).join('/'), outer: found };
  }
  return found;
}

type Named = Pick<Container, 'id' | 'engine'>;

function nameIn(part: string, parent: string): Named | undefined {
  const [, prefix = '', id] = scope.exec(part) ?? sliced.exec(part) ?? [];
  if (id !== undefined) return { id, engine: prefixes[prefix] };
  const [, alone] = bare.exec(part) ?? [];
  if (alone !== undefined) return { id: alone, engine: parentEngine(parent) };
  const [, task] = ecsTask.exec(part) ?? [];
  if (task !== undefined) return { id: task, engine: 'ecs' };
  return machineIn(part, parent);
}

/** Without systemd the folder tells: `/docker/ID`, `/libpod_parent/ID`, `/ecs/TASK/ID`. */
function parentEngine(parent: string): ContainerEngine | undefined {
  if (parent === 'docker') return 'docker';
  if (parent === 'libpod_parent') return 'podman';
  return undefined;
}

/** Containers that have names of people's choice. */
function machineIn(part: string, parent: string): Named | undefined {
  const [, payload = parent === 'lxc' && part !== '' ? part : undefined] = lxc.exec(part) ?? [];
  if (payload !== undefined) return { id: payload, engine: 'lxc' };
  if (parent === 'garden' && part !== '') return { id: part, engine: 'garden' };
  const [, unit, machine] = nspawn.exec(part) ?? [];
  const name = unit ?? machine;
  // Virtual machines are units of the same kind: machined calls theirs `qemu-1-NAME`.
  if (name === undefined || /^qemu\\x2d/.test(name)) return undefined;
  return { id: unescapeUnit(name), engine: 'systemd-nspawn' };
}

/** systemd writes other bytes of a unit's name as `\x2d`: systemd-escape(1). */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** The pod whose own cgroup a path is; undefined for any other. */
export function podAt(path: string): Pod | undefined {
  const parts = path.split('/');
  const isPod = new RegExp(`${podName.source}$`).test(parts.at(-1) ?? '');
  return isPod ? podIn(path, parts.length - 1) : undefined;
}

/** The pod is named by a folder above the container, or in the container's own name. */
function podIn(path: string, index: number): Pod | undefined {
  const above = path
    .split('/')
    .slice(0, index + 1)
    .join('/');
  const [, uid] = [...above.matchAll(new RegExp(podName, 'g'))].at(-1) ?? [];
  if (uid === undefined) return undefined;
  return { uid: uid.replaceAll('_', '-'), qos: qosIn(above) };
}

/** A pod of the best class has no folder of its class. */
function qosIn(path: string): Pod['qos'] {
  const [, qos] = [...path.matchAll(/(burstable|besteffort)/g)].at(-1) ?? [];
  if (qos !== undefined) return qos as 'burstable' | 'besteffort';
  return path.includes('kubepods') ? 'guaranteed' : undefined;
}

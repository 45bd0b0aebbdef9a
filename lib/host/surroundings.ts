/** Where this process runs: CPUs, and whether in a container. */

import { existsSync } from 'node:fs';
import { cpusIn } from './cpus.js';
import { systemText } from './system-file.js';

/** The machine's processors, by their numbers. */
export interface Cpus {
  /** Those that there may ever be; per-CPU values have a slot for each. */
  readonly possible: readonly number[];
  readonly online: readonly number[];
  /** CPUs of each memory node. */
  readonly nodes: readonly (readonly number[])[];
}

/** Reads /sys. */
export function cpus(): Cpus {
  return {
    possible: cpusOf('/sys/devices/system/cpu/possible'),
    online: cpusOf('/sys/devices/system/cpu/online'),
    nodes: cpusOf('/sys/devices/system/node/online').map(node =>
      cpusOf(`/sys/devices/system/node/node${node}/cpulist`),
    ),
  };
}

function cpusOf(path: string): number[] {
  return existsSync(path) ? cpusIn(systemText(path)) : [];
}

const marks: readonly (readonly [path: string, kind: string])[] = [
  ['/.dockerenv', 'docker'],
  ['/run/.containerenv', 'podman'],
  ['/var/run/secrets/kubernetes.io', 'kubernetes'],
];

/** The kind of container, as far as it leaves marks; undefined outside of one. */
export function container(): string | undefined {
  const mark = marks.find(([path]) => existsSync(path))?.[1];
  const group = systemText('/proc/self/cgroup').match(/docker|kubepods|libpod|lxc|containerd/)?.[0];
  return mark ?? group ?? process.env.container;
}

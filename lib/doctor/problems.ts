/** What of a checkup stands in the way, and what to do about each. */

import { delegationIn } from '../host/mounts.js';
import type { DoctorReport } from './doctor.js';

/** Something that keeps BPF, or a part of it, from working here. */
export interface Problem {
  readonly what: string;
  readonly remedy: string;
}

type Findings = Omit<DoctorReport, 'problems'>;

/** Each rule answers what is wrong, or nothing. */
const rules: readonly {
  readonly what: (found: Findings) => string | false;
  readonly remedy: string | ((found: Findings) => string);
}[] = [
  {
    what: ({ rights: { lacking } }) => lacking.length > 0 && `this process lacks ${lacking.join(', ')}`,
    remedy: 'run as root, or grant them: CAP_BPF always, CAP_PERFMON to trace, CAP_NET_ADMIN for networks',
  },
  {
    what: ({ rights: { initialUserNamespace } }) =>
      !initialUserNamespace &&
      'this is a user namespace of its own, where capabilities do not reach the kernel',
    remedy: ({ mounts }) => {
      const path = delegationIn(mounts);
      if (path === undefined) return 'run outside of it, or with a BPF token from Linux 6.9 on';
      return `${path} delegates rights to it: open objects with token: '${path}'`;
    },
  },
  {
    what: ({ rights: { fromFile } }) =>
      fromFile &&
      'node has its capabilities from its file: every script has them, and NODE_OPTIONS and NODE_PATH are ignored',
    remedy:
      "setcap -r that file, and start the service with systemd's AmbientCapabilities= or setpriv --ambient-caps",
  },
  {
    what: ({ rights: { seccomp } }) =>
      seccomp !== 'off' && 'a seccomp filter watches this process, and may forbid bpf(2)',
    remedy: 'let it pass bpf and perf_event_open, as by another seccomp profile of the container',
  },
  {
    what: ({ settings: { btf } }) => !btf && 'the kernel has no types of its own',
    remedy: 'use a kernel with CONFIG_DEBUG_INFO_BTF, or open objects with btf: a file of its types',
  },
  {
    what: ({ settings: { lockdown } }) =>
      lockdown === 'confidentiality' && 'the kernel is locked down: programs may not read its memory',
    remedy: 'boot with lockdown=integrity, or without Secure Boot',
  },
  {
    what: ({ settings: { securityModules } }) =>
      securityModules?.includes('bpf') === false &&
      'bpf is no active security module: lsm programs never run',
    remedy: 'boot with bpf added to lsm=',
  },
  {
    what: ({ settings: { jit } }) =>
      jit === 0 && 'programs are interpreted, which is slow and knows no kfuncs',
    remedy: 'sysctl net.core.bpf_jit_enable=1',
  },
  {
    what: ({ settings: { memory, memlock } }) =>
      memory === 'rlimit' &&
      memlock < 2 ** 26 &&
      `maps count against RLIMIT_MEMLOCK, which is ${memlock} bytes`,
    remedy: 'libbpf raises it where it may; otherwise ulimit -l unlimited',
  },
  {
    what: ({ mounts: { bpffs } }) => bpffs.length === 0 && 'bpffs is not mounted: nothing can be pinned',
    remedy: 'mount -t bpf bpf /sys/fs/bpf',
  },
  {
    what: ({ mounts: { bpffs } }) =>
      bpffs.length > 0 && bpffs.every(({ readOnly }) => readOnly) && 'bpffs is mounted read-only',
    remedy: 'mount -o remount,rw /sys/fs/bpf',
  },
  {
    what: ({ mounts: { tracefs } }) =>
      tracefs.length === 0 && 'tracefs is not mounted: tracepoints cannot be found',
    remedy: 'mount -t tracefs tracefs /sys/kernel/tracing',
  },
  {
    what: ({ mounts: { cgroup2 } }) =>
      cgroup2.length === 0 && 'cgroup v2 is not mounted: nothing attaches to cgroups',
    remedy: 'mount -t cgroup2 none /sys/fs/cgroup/unified',
  },
];

/** What is wrong, in the order in which it is best put right. */
export function problemsOf(found: Findings): Problem[] {
  const general = rules.flatMap(({ what, remedy }) => {
    const text = what(found);
    if (text === false) return [];
    return [{ what: text, remedy: typeof remedy === 'string' ? remedy : remedy(found) }];
  });
  return [...general, ...ofObject(found)];
}

function ofObject({ object }: Findings): Problem[] {
  if (object === undefined) return [];
  const parts = [...object.programs, ...object.maps].flatMap(({ name, missing }) =>
    missing.map(text => `${name}: ${text}`),
  );
  const symbols = object.missingKfuncs.map(name => `kernel function ${name} is not there`);
  const remedy = 'leave it out (autoload, autocreate), give an alternative, or use a kernel that has it';
  return [...parts, ...symbols].map(what => ({ what, remedy }));
}

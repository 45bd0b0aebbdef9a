// Whether this machine can run eBPF at all. Each reason why not is one sentence that says what to do.
import { existsSync } from 'node:fs';
import { fail } from './progress.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

/** What loading programs needs, in the order to look. */
const needs = [
  {
    met: () => process.platform === 'linux',
    otherwise: `eBPF is a part of the Linux kernel, so on ${process.platform} install a Linux VM and run this there.`,
  },
  {
    met: () => major > 20 || (major === 20 && minor >= 19),
    otherwise: `This needs Node 20.19 or newer and runs on ${process.version}: install one from https://nodejs.org.`,
  },
  {
    met: () => process.getuid?.() === 0,
    otherwise: 'Loading eBPF programs needs root: run the same command with sudo.',
  },
  {
    met: () => existsSync('/sys/kernel/btf/vmlinux'),
    otherwise:
      'This kernel does not describe its types (no /sys/kernel/btf/vmlinux): install one built with ' +
      'CONFIG_DEBUG_INFO_BTF=y, as linux-image-amd64 of Debian 12 is.',
  },
];

/** Ends the process with the first reason why this machine cannot run eBPF. */
export function checkMachine() {
  for (const { met, otherwise } of needs) if (!met()) fail(otherwise);
}

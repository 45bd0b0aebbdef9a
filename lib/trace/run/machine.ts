/** This machine, as the compiler and the printer ask for it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Btf } from '../../doors/btf.js';
import { cgroupId, clock } from '../../index.js';
import type { Symbolizer } from '../../symbols/index.js';
import type { TraceTarget } from '../machine.js';
import type { AddressName, NameSource } from '../print/names.js';
import { binariesOf, functionsOf, usdtOf } from './binaries.js';
import { pidNamespace } from './pid-namespace.js';

const tracefs = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];

let kernelTypes: Btf | undefined;

/** The running kernel's types, read when they are first needed. */
function ownTypes(): Btf | undefined {
  try {
    kernelTypes ??= Btf.parse(readFileSync('/sys/kernel/btf/vmlinux'), 'vmlinux');
    return kernelTypes;
  } catch {
    return undefined;
  }
}

function readTrace(path: string): string | undefined {
  for (const root of tracefs) {
    try {
      return readFileSync(`${root}/${path}`, 'latin1');
    } catch {
      // The other place may have it.
    }
  }
  return undefined;
}

/** This kernel as what a script is compiled for. @param pid - the process that is traced, where it is one */
export function thisMachine(pid?: number): TraceTarget {
  return {
    get btf() {
      return ownTypes();
    },
    arch: process.arch,
    tracepointFormat: (category, name) =>
      isName(category) && isName(name) ? readTrace(`events/${category}/${name}/format`) : undefined,
    tracepoints: () => listTracepoints(),
    kernelAddress,
    cgroupId: path => (isFolder(path) ? cgroupId(path) : undefined),
    pidNamespace: pidNamespace(),
    cpus: possibleCpus(),
    usdt: usdtOf,
    binaries: pattern => binariesOf(pattern, pid),
    functions: functionsOf,
    startedAt: clock.boottime.fromUnix(BigInt(Date.now()) * 1_000_000n),
  };
}

const isName = (text: string) => /^[\w.-]+$/.test(text);

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The file that lists events is slow to make: their folders are read. */
export function listTracepoints(): string[] {
  const root = tracefs.map(each => `${each}/events`).find(isFolder);
  if (root === undefined) return [];
  const folders = (path: string) =>
    readdirSync(path, { withFileTypes: true }).filter(each => each.isDirectory());
  return folders(root)
    .flatMap(({ name }) => folders(`${root}/${name}`).map(each => `${name}:${each.name}`))
    .sort();
}

function kernelAddress(name: string): bigint | undefined {
  const found = new RegExp(`^([\\da-f]+) \\w ${name.replace(/[^\w]/g, '\\$&')}(?:\\s|$)`, 'm').exec(
    readFileSync('/proc/kallsyms', 'latin1'),
  );
  return found?.[1] === undefined ? undefined : BigInt(`0x${found[1]}`);
}

function possibleCpus(): number {
  const [, last = '0'] = /(\d+)\s*$/.exec(readFileSync('/sys/devices/system/cpu/possible', 'latin1')) ?? [];
  return Number(last) + 1;
}

/** Names of addresses, users and cgroups of this machine. */
export function thisMachinesNames(symbols: Symbolizer): NameSource {
  const named = async (
    space: 'kernel' | { pid: number },
    addresses: readonly bigint[],
  ): Promise<AddressName[]> => {
    const frames = await symbols.symbolize(space, addresses, { returnAddresses: false }).catch(() => []);
    return frames.map(({ name, offset = 0, module }) => ({ name, offset, module }));
  };
  return {
    kernel: addresses => named('kernel', addresses),
    process: (pid, addresses) => named({ pid }, addresses),
    user: userName,
    cgroup: cgroupPath,
    wallTime: boot => clock.boottime.toUnix(boot),
  };
}

function userName(id: number): string {
  try {
    const found = new RegExp(`^([^:\\n]+):[^:\\n]*:${id}:`, 'm').exec(readFileSync('/etc/passwd', 'utf8'));
    return found?.[1] ?? String(id);
  } catch {
    return String(id);
  }
}

/** The folder whose inode is the id (cgroup_id() in include/linux/cgroup.h). */
function cgroupPath(id: bigint): string {
  const search = (path: string, depth: number): string | undefined => {
    if (statSync(path, { bigint: true, throwIfNoEntry: false })?.ino === id) return path;
    if (depth === 0) return undefined;
    for (const each of readdirSync(path, { withFileTypes: true })) {
      const found = each.isDirectory() ? search(`${path}/${each.name}`, depth - 1) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const root = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find(isFolder);
  const found = root === undefined ? undefined : search(root, 6);
  return root !== undefined && found !== undefined ? `unified:${found.slice(root.length) || '/'}` : '';
}

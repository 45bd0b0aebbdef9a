/** Whom to observe. */
import { statSync } from 'node:fs';
import { findContainer } from '../containers/index.js';
import { argumentError, requireInteger, requireOptions, requireText, shown } from '../errors/arguments.js';
import {
  beginningOf,
  type CgroupPlace,
  cgroupAt,
  type Owner,
  type ProcessPlace,
  processAt,
} from '../sources/index.js';
import type { TelemetryScope } from './metric.js';
import type { FileOwner } from './proc-files.js';

/** This process, another one, a cgroup by its folder, a container by its id or how that begins, or the whole machine. */
export type TelemetryTarget =
  | 'process'
  | 'host'
  | { readonly pid: number }
  | { readonly cgroup: string }
  | { readonly container: string };

/** One that is there. */
export interface FoundTarget {
  readonly scope: TelemetryScope;
  /** What it is called in messages and reports. */
  readonly subject: string;
  readonly owner: Owner;
  readonly files: FileOwner;
  /** Whether it still is what it was. */
  isThere(): boolean;
}

const operation = 'observe the kernel';

/** @throws BpfError `ERR_BPF_ARGUMENT`; with an errno's name where it is not there */
export async function findTarget(of: TelemetryTarget): Promise<FoundTarget> {
  if (of === 'process') return ofProcess(await processAt(process.pid));
  if (of === 'host') return ofHost();
  if (typeof of !== 'object' || of === null)
    throw argumentError(
      operation,
      `of is 'process', 'host', { pid }, { cgroup } or { container }, not ${shown(of)}`,
    );
  requireOptions(operation, of, ['pid', 'cgroup', 'container']);
  const { pid, cgroup, container } = of as Readonly<Record<string, unknown>>;
  if ([pid, cgroup, container].filter(each => each !== undefined).length !== 1)
    throw argumentError(operation, 'of names one thing: a pid, a cgroup or a container');
  if (pid !== undefined) return ofProcess(await processAt(requiredPid(pid)));
  if (container !== undefined) return ofContainer(container as string);
  requireText(operation, 'cgroup, the folder of a cgroup,', cgroup);
  return ofCgroup(cgroupAt(cgroup as string));
}

/** By its id, or how that begins. */
async function ofContainer(id: string): Promise<FoundTarget> {
  const { folder, id: whole = id } = await findContainer(id);
  return { ...ofCgroup(cgroupAt(folder)), subject: `container ${whole}` };
}

function requiredPid(pid: unknown): number {
  requireInteger(operation, 'pid', pid, 2 ** 31 - 1);
  return pid as number;
}

function ofHost(): FoundTarget {
  const owner: Owner = { kind: 'host', id: 0n };
  return { scope: 'host', subject: 'the host', owner, files: { scope: 'host' }, isThere: () => true };
}

function ofProcess(place: ProcessPlace): FoundTarget {
  const { pid, began } = place;
  return {
    scope: 'process',
    subject: `process ${pid}`,
    owner: place,
    files: { scope: 'process', pid },
    isThere: () => beginningOf(pid) === began,
  };
}

function ofCgroup(place: CgroupPlace): FoundTarget {
  const { path, version, id } = place;
  return {
    scope: 'cgroup',
    subject: `cgroup ${path}`,
    owner: place,
    files: { scope: 'cgroup', path, version },
    isThere: () => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino === id,
  };
}

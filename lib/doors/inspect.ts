/** The public door `libbpf-ts/inspect`: what is in the kernel, which processes hold it, where it is attached, what it costs. */

export type { CgroupHook } from '../attach/cgroup.js';
export type { Hook, HookProgram } from '../attach/hook-query.js';
export type { SockmapHook } from '../attach/sockmap.js';
export type { HooksByKind } from '../attach/table.js';
export type { TcHook } from '../attach/tc.js';
export { kernelBtfPath } from '../host/kernel.js';
export { kernelBtf } from '../host/kernel-types.js';
export { typesById, typesByIdSync, typesInKernel } from '../inspect/btf-by-id.js';
export { type HookPlace, queryHook, queryHookSync } from '../inspect/hook.js';
export {
  type BtfInfo,
  btfs,
  type DumpedInsn,
  dumpProgram,
  enableStats,
  enableStatsSync,
  type HeldKind,
  type Holder,
  type Holders,
  type HooksOptions,
  holders,
  hooks,
  type MachineFunction,
  maps,
  type OccupiedHook,
  type OccupiedPlace,
  type Pin,
  type Probe,
  type ProgramDump,
  type ProgramInfo,
  type ProgramPlace,
  type ProgramUsage,
  pins,
  programInfo,
  programInfoSync,
  programs,
  programUsage,
  type RunStatistics,
  type SourceFunction,
  type SourcePlace,
  type UsageOptions,
} from '../inspect/index.js';
export { mapsInKernel } from '../inspect/map-ids.js';
export { links } from '../link/links.js';
export type { DescriptorKind } from '../native/fdinfo.js';

/** The public door `libbpf-ts/inspect`: what is in the kernel, which processes hold it, where it is attached, what it costs. */

export type { CgroupHook } from '../attach/cgroup.js';
export type { Hook, HookProgram } from '../attach/hook-query.js';
export { type HookPlace, queryHook, queryHookSync } from '../attach/query-hook.js';
export type { SockmapHook } from '../attach/sockmap.js';
export type { HooksByKind } from '../attach/table.js';
export type { TcHook } from '../attach/tc.js';
export { kernelBtfPath } from '../host/kernel.js';
export { kernelBtf } from '../host/kernel-types.js';
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
  type ProgramUsage,
  pins,
  programs,
  programUsage,
  type RunStatistics,
  type SourceFunction,
  type SourcePlace,
  type UsageOptions,
} from '../inspect/index.js';
export { openBtf, openBtfSync } from '../inspect/open-btf.js';
export { links } from '../link/links.js';
export { linkPlace } from '../link/read-link-info.js';
export type { DescriptorKind } from '../native/fdinfo.js';

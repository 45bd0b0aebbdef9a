/** The door of the inspection room: what is in the kernel, who holds it, where it is attached, what it takes. */
export { type BtfInfo, btfs } from './btfs.js';
export { type DumpedInsn, dumpProgram, type ProgramDump } from './dump.js';
export { type HeldKind, type Holder, type Holders, holders } from './holders.js';
export { type HooksOptions, hooks } from './hooks.js';
export type { MachineFunction } from './machine-code.js';
export { maps } from './maps.js';
export type { OccupiedHook, OccupiedPlace } from './occupied.js';
export { type Pin, pins } from './pins.js';
export type { Probe } from './probe.js';
export type { SourceFunction, SourcePlace } from './program-source.js';
export { programs } from './programs.js';
export { enableStats, enableStatsSync, type RunStatistics } from './statistics.js';
export { type ProgramUsage, programUsage, type UsageOptions } from './usage.js';

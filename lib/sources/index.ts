/** What parts of the library that look at the kernel share: hooks that are attached once. */
export { type CgroupPlace, cgroupAt, subsystemOf } from './cgroup.js';
export { objectFile } from './object-file.js';
export type { Owner } from './owner.js';
export { beginningOf, type ProcessPlace, processAt } from './process.js';
export { type ByLabel, type Durations, type Fill, lowestPower, type SourceReading } from './reading.js';
export { SourceUse } from './shared.js';
export type { SourceName } from './source.js';

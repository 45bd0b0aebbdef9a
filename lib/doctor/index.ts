/** The door of the doctor's room: what lets BPF work here, and what does not. */
export type { Rights } from './capabilities.js';
export { type Checkup, doctor } from './doctor.js';
export type { Mount, Mounts } from './mounts.js';
export type { MapNeeds, ObjectNeeds, ProgramNeeds } from './object-needs.js';
export type { Problem } from './problems.js';
export type { Settings } from './settings.js';
export type { Cpus } from './surroundings.js';

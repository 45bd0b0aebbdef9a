/** The door of the doctor's room: what lets BPF work here, and what does not. */
export type { Rights } from '../host/capabilities.js';
export type { Mount, Mounts } from '../host/mounts.js';
export type { Settings } from '../host/settings.js';
export type { Cpus } from '../host/surroundings.js';
export { type DoctorReport, doctor, doctorSync } from './doctor.js';
export type { MapNeeds, ObjectNeeds, ProgramNeeds } from './object-needs.js';
export type { Problem } from './problems.js';

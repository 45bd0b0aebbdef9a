/** The public door `libbpf-ts/profile`: where time goes, by stack, and what is drawn and written of it. */
export type { BrokenStacks } from './broken-stacks.js';
export { compareProfiles, type ProfileDifference } from './difference.js';
export type { FlameGraphOptions } from './flame-graph.js';
export type { ProfileMode } from './modes.js';
export {
  createProfile,
  type Profile,
  type ProfileDetails,
  type ProfileStack,
  type ProfileUnit,
} from './profile.js';
export type { ProfileOptions, StartProfileOptions } from './profile-options.js';
export { profile, startProfile } from './run-profile.js';
export type { RunningProfile } from './running-profile.js';
export type { ProfileTarget } from './target.js';
export type { ThreadState } from './thread-state.js';

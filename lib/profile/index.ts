/** The public door `libbpf-ts/profile`: where time goes, by stack, and what is drawn and written of it. */
export { compareProfiles, type ProfileDifference } from './difference.js';
export type { FlameGraphOptions } from './flame-graph.js';
export {
  createProfile,
  type Profile,
  type ProfileDetails,
  type ProfileStack,
  type ProfileUnit,
} from './profile.js';
export { type ProfileOptions, profile } from './run-profile.js';

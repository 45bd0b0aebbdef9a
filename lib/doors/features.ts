/** The public door `libbpf-ts/features`: what the running kernel can do, and what stands in the way. */

export {
  type Cpus,
  type DoctorReport,
  doctor,
  doctorSync,
  type MapNeeds,
  type Mount,
  type Mounts,
  type ObjectNeeds,
  type Problem,
  type ProgramNeeds,
  type Rights,
  type Settings,
} from '../doctor/index.js';
export {
  type Answer,
  type Feature,
  type Features,
  type FeaturesOptions,
  features,
  featuresSync,
  probeHelper,
  probeHelperSync,
  probeKfunc,
  probeKfuncSync,
} from '../features/index.js';
export type { BtfKindName } from '../kinds/btf-kinds.js';
export type { InstructionSetName } from '../kinds/instruction-sets.js';
export type { MapFlagProbeName } from '../kinds/map-flag-probes.js';

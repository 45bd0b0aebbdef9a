/** The door of the features room: what the running kernel has. */
export type { Answer, Feature } from './feature.js';
export { type Features, type FeaturesOptions, features, featuresSync } from './features.js';
export { probeKfunc, probeKfuncSync } from './kernel-names.js';
export { probeHelper, probeHelperSync } from './probe.js';

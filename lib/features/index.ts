/** The door of the features room: what the running kernel has. */
export type { Answer, Feature } from './feature.js';
export { type Features, type FeaturesOptions, features, featuresSync } from './features.js';
export { probeKfunc } from './kernel-names.js';
export { probeHelper } from './probe.js';

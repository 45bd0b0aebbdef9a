/** The public door `libbpf-ts/processes`: what a process is besides its number, those that have ended too. */
export type { ProcessIdentity } from './identity.js';
export { ProcessWatcher, type WatchProcessesOptions, watchProcesses } from './watcher.js';

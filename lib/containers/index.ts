/** The public door `libbpf-ts/containers`: which container a cgroup or a process belongs to, those that have gone too. */
export { containerAt } from './cgroup-path.js';
export type { Container, ContainerEngine, Pod } from './container.js';
export type { Hierarchy } from './hierarchy.js';
export { type FoundContainer, type FoundPod, findContainer, findPod, listContainers } from './list.js';
export { containerOf } from './process-container.js';
export { ContainerWatcher, type WatchContainersOptions, watchContainers } from './watcher.js';

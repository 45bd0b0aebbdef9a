/** The older storage of cgroups: one value for each cgroup that a program was attached to, made by attaching. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { KeyValueMap } from './key-value.js';

/**
 * A cgroup storage map; its keys are `struct bpf_cgroup_storage_key` or the cgroup's id. Attaching adds an entry,
 * which lives as long as its cgroup, so they are neither added nor deleted here (cgroup_storage_update_elem() and
 * cgroup_storage_delete_elem() in kernel/bpf/local_storage.c). `cgrp_storage` is the newer way.
 *
 * @since Linux 4.19
 */
export class CgroupStorageMap<
  K = unknown,
  E = unknown,
  Kind extends MapKindName = MapKindName,
> extends KeyValueMap<K, E, Kind> {}

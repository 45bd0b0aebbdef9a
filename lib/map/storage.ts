/** Values that live with a socket, inode, task or cgroup, and end with it. */

import { closeSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { descriptorOf, type WithDescriptor, withFile } from '../native/descriptor.js';
import { check } from '../native/errno.js';
import { native } from '../native/native.js';
import { type SocketLike, socketDescriptor } from '../native/socket-descriptor.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';
import { flagsOf, type LookupOptions, type UpdateFlag, type UpdateOptions } from './update-flags.js';

/** Whom a value belongs to, by kind: a socket; a file by its path or `{ fd }`; a process by its id, or by `{ fd }` of a pidfd; a cgroup. */
export interface StorageOwners {
  sk_storage: SocketLike;
  inode_storage: string | WithDescriptor;
  task_storage: number | WithDescriptor;
  cgrp_storage: string | WithDescriptor;
}

/** The owners of one kind. */
export type OwnerOf<Kind> = Kind extends keyof StorageOwners ? StorageOwners[Kind] : never;

/**
 * Storage of sockets, inodes, tasks or cgroups. Its owners cannot be listed from here (notsupp_get_next_key() in
 * kernel/bpf/bpf_task_storage.c and its like); an iterator program can.
 *
 * @since Linux 5.2 (sockets), 5.10 (inodes), 5.11 (tasks), 6.2 (cgroups)
 * @example
 * ```ts
 * bpf.maps.per_task.set(process.pid, 7n);
 * ```
 */
export class StorageMap<V = unknown, Kind extends MapKindName = MapKindName> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<number, V>;

  /** @internal */
  constructor(...parts: MapParts<number, V, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /** The value of an owner; undefined where it has none. */
  get(owner: OwnerOf<Kind>, options: LookupOptions = {}): V | undefined {
    return this.#with(owner, 'look up in', fd => this.elements.lookup(fd, flagsOf(options, this.name)));
  }

  /** True where the owner has a value. */
  has(owner: OwnerOf<Kind>): boolean {
    return this.get(owner) !== undefined;
  }

  /** Writes the value of an owner. */
  set(owner: OwnerOf<Kind>, value: V, options: UpdateFlag | UpdateOptions = 'any'): this {
    this.#with(owner, 'update', fd => this.elements.update(fd, value, flagsOf(options, this.name)));
    return this;
  }

  /** Removes the value of an owner; false where it had none. */
  delete(owner: OwnerOf<Kind>): boolean {
    return this.#with(owner, 'delete from', fd => this.elements.remove(fd));
  }

  #with<T>(owner: StorageOwners[keyof StorageOwners], verb: string, use: (fd: number) => T): T {
    const operation = `${verb} map ${this.name}`;
    this.use(verb);
    if (this.kind === 'sk_storage') return use(socketDescriptor(owner as SocketLike, operation));
    if (this.kind !== 'task_storage') return withFile(owner as string | WithDescriptor, operation, use);
    if (typeof owner !== 'number') return use(descriptorOf(owner as WithDescriptor, operation));
    return withProcess(owner, operation, use);
  }
}

function withProcess<T>(pid: number, operation: string, use: (fd: number) => T): T {
  if (!Number.isInteger(pid) || pid <= 0 || pid > 0x7fffffff) {
    const reason = `takes a pid or a pidfd, got ${String(pid)}`;
    throw new BpfError({ code: 'ERR_BPF_VALUE', operation, reason });
  }
  const fd = check(native().pidfdOpen(pid), `${operation}: open process ${pid}`);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

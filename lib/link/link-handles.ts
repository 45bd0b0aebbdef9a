/** The kernel's side of an attachment: one link, or one for each CPU, or what it has instead of links. */

import { argumentError } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { check, errnoName, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { type LinkHandle, type MapHandle, native, type ProgramHandle } from '../native/native.js';
import { linkError, requireSingle, updateError } from './link-error.js';
import type { LinkInfo } from './link-info.js';
import { linkInfos } from './parts.js';

/** How the kernel holds an attachment; native/link/link.h has the same order. */
const vias = ['link', 'netlink', 'prog_attach', 'socket', 'map'] as const;

/**
 * How the kernel holds an attachment: by a link, which goes with its last descriptor or pin (bpf_link_put() in
 * kernel/bpf/syscall.c); or without one, by `netlink` (tc, XDP), by `BPF_PROG_ATTACH`, as an option of a `socket`, or
 * by a struct_ops `map`.
 */
export type LinkVia = (typeof vias)[number];

/** All that one attachment is made of; `operation` says for errors what was to be done with it. */
export class LinkHandles {
  readonly #handles: readonly LinkHandle[];

  constructor(handles: readonly LinkHandle[]) {
    this.#handles = handles;
  }

  get via(): LinkVia {
    const [handle] = this.#handles;
    const number = handle === undefined ? 0 : check(native().linkVia(handle), 'tell how a link is held');
    return vias[number] ?? 'link';
  }

  /** @throws BpfError `EOPNOTSUPP` for an attachment without a `bpf_link`, `ERR_BPF_ARGUMENT` where it has several. */
  only(operation: string, hint?: string): LinkHandle {
    this.#requireLink(operation);
    const [handle, ...others] = this.#handles;
    if (handle !== undefined && others.length === 0) return requireSingle(handle, operation);
    const reason = `there are ${this.#handles.length} links, one for each CPU`;
    throw argumentError(operation, reason, hint);
  }

  fd(operation: string): number {
    return check(native().linkFd(this.only(operation, 'use fds')), operation);
  }

  fds(operation: string): number[] {
    this.#requireLink(operation);
    return this.#handles.map(handle => check(native().linkFd(requireSingle(handle, operation)), operation));
  }

  info(operation: string): LinkInfo {
    const handle = this.only(operation);
    const answer = native().linkInfo(handle);
    if (failed(answer)) throw linkError(handle, answer, operation);
    return linkInfos.now(operation).readLinkInfo(answer);
  }

  /** Makes an iterator of the first: a descriptor that its reader closes. */
  iterate(operation: string): number {
    return check(native().linkIterCreate(this.only(operation)), operation);
  }

  disconnect(operation: string): void {
    for (const handle of this.#handles) check(native().linkDisconnect(handle), operation);
  }

  *update(operation: string, program: ProgramHandle, expected?: ProgramHandle): Flow<void> {
    const handle = this.only(operation);
    const [status] = yield* job('linkUpdate', handle, program, expected ?? null);
    if (isError(status)) throw yield* updateError(handle, status, operation);
  }

  *updateMap(operation: string, map: MapHandle): Flow<void> {
    const [status] = yield* job('linkUpdateMap', this.only(operation), map);
    check(status, operation);
  }

  /** Not every kind can be detached while others hold it; one that was pinned ends, without its file, with them. */
  *detach(operation: string, pinned: boolean): Flow<void> {
    const [status] = yield* job('linkDetach', this.only(operation));
    if (isError(status) && !(pinned && errnoName(status) === 'EOPNOTSUPP')) check(status, operation);
  }

  *destroy(operation: string): Flow<void> {
    for (const handle of this.#handles) {
      const [status] = yield* job('linkDestroy', handle);
      check(status, operation);
    }
  }

  #requireLink(operation: string): void {
    if (this.via === 'link') return;
    const reason = `the kernel keeps no link of it: it is attached by ${this.via}`;
    const hint = 'so it has no descriptor, pin or update; close() detaches it';
    throw new BpfError({ code: 'EOPNOTSUPP', operation, reason, hint });
  }
}

function isError(status: unknown): status is number {
  return failed(status);
}

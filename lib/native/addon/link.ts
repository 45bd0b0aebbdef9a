/** Functions of native/link: links. */
import type { LinkHandle, MapHandle, ProgramHandle, Status } from './handles.js';

/** `struct bpf_link_info`, and what its pointers pointed to. */
export type NativeLinkInfo = readonly [
  info: Uint8Array,
  text: string,
  places: BigUint64Array,
  counters: BigUint64Array,
  cookies: BigUint64Array,
];

/** Calls that take less than a microsecond or so, or only look. */
export interface LinkCalls {
  linkFd(link: LinkHandle): number | Status;
  linkVia(link: LinkHandle): number | Status;
  linkInfo(link: LinkHandle): NativeLinkInfo | Status;
  linkIterCreate(link: LinkHandle): number | Status;
  linkDisconnect(link: LinkHandle): Status;
  linkNextId(id: number): number | Status;
}

/** Calls that may block; each exists as a promise and with `Sync` behind its name. */
export interface LinkJobs {
  linkDestroy(link: LinkHandle): void;
  linkPin(link: LinkHandle, path: string): void;
  linkUnpin(link: LinkHandle): void;
  linkOpen(path: string): LinkHandle;
  linkDetach(link: LinkHandle): void;
  linkById(id: number): LinkHandle;
  linkUpdateMap(link: LinkHandle, map: MapHandle): void;
  linkUpdate(link: LinkHandle, program: ProgramHandle, expected: ProgramHandle | null): void;
}

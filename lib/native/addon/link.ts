/** Functions of native/link: links. */
import type { Errno, LinkHandle, MapHandle, ProgramHandle, Status } from './handles.js';

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
  linkFd(link: LinkHandle): Status;
  linkVia(link: LinkHandle): Status;
  linkInfo(link: LinkHandle): NativeLinkInfo | Errno;
  linkIterCreate(link: LinkHandle): Status;
  linkDisconnect(link: LinkHandle): Status;
  linkNextId(id: number): Status;
}

/** Calls that may block; each exists as a promise and with `Sync` behind its name. */
export interface LinkJobs {
  linkDestroy(link: LinkHandle): Status;
  linkPin(link: LinkHandle, path: string): Status;
  linkUnpin(link: LinkHandle): Status;
  linkOpenPinned(path: string): LinkHandle;
  linkDetach(link: LinkHandle): Status;
  linkOpenById(id: number): LinkHandle;
  linkOpenFd(fd: number): LinkHandle;
  linkUpdateMap(link: LinkHandle, map: MapHandle): Status;
  linkUpdate(link: LinkHandle, program: ProgramHandle, expected: ProgramHandle | null): Status;
}

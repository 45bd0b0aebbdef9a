/** How programs, maps and links of the kernel are opened, and borrowed for a moment. */
import { littleEndian } from '../btf/byte-order.js';
import { kernelStructs } from '../kinds/kernel-structs.js';
import { check } from './errno.js';
import { type Flow, job, runSync } from './flow.js';
import { KernelRecord } from './kernel-record.js';
import { type LinkHandle, type MapHandle, native, type ProgramHandle } from './native.js';
import { descriptorIn, hasFd, type KernelPlace, type Opening, openAt } from './place.js';

/** How programs are opened. */
export const programOpening: Opening<ProgramHandle> = {
  what: 'program',
  pinned: path => job('programOpenPinned', path),
  byId: id => job('programOpenById', id),
  byFd: fd => job('programOpenFd', fd),
  fdOf: handle => native().programFd(handle),
  idOf(handle) {
    const [record] = native().programInfoSync(native().programFd(handle), 0);
    return new KernelRecord(check(record, 'describe a program')).u32(kernelStructs.bpf_prog_info.id);
  },
  close: handle => job('programClose', handle),
};

/** How maps are opened, with some `BPF_F_…`. */
export function mapOpeningWith(flags: number): Opening<MapHandle> {
  return {
    what: 'map',
    pinned: path => job('mapOpenPinned', path, flags),
    byId: id => job('mapOpenById', id, flags),
    byFd: fd => job('mapOpenFd', fd),
    fdOf: handle => native().mapFd(handle),
    idOf: handle => wordIn(check(native().mapInfo(handle), 'describe a map'), kernelStructs.bpf_map_info.id),
    close: handle => job('mapClose', handle),
  };
}

/** How maps are opened for reading and writing. */
export const mapOpening = mapOpeningWith(0);

/** How links are opened. */
export const linkOpening: Opening<LinkHandle> = {
  what: 'link',
  pinned: path => job('linkOpenPinned', path),
  byId: id => job('linkOpenById', id),
  byFd: fd => job('linkOpenFd', fd),
  fdOf: handle => native().linkFd(handle),
  idOf: handle =>
    wordIn(check(native().linkInfo(handle), 'describe a link')[0], kernelStructs.bpf_link_info.id),
  close: handle => job('linkDestroy', handle),
};

function wordIn(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(offset, littleEndian);
}

/** Something of the kernel, open; `end` closes what was opened for it. */
export interface Borrowed {
  readonly fd: number;
  end(): Flow<unknown>;
}

/** The descriptor that a place has, or one that is opened until `end()`. */
export function* borrow<Handle>(place: KernelPlace, opening: Opening<Handle>): Flow<Borrowed> {
  if (hasFd(place)) return { fd: descriptorIn(place, opening.what), *end() {} };
  const handle = yield* openAt(place, opening);
  return { fd: opening.fdOf(handle), end: () => opening.close(handle) };
}

/** Runs `use` on the descriptor of what is at a place. */
export function withFdAt<T>(place: KernelPlace, opening: Opening<unknown>, use: (fd: number) => T): T {
  const { fd, end } = runSync(borrow(place, opening));
  try {
    return use(fd);
  } finally {
    runSync(end());
  }
}

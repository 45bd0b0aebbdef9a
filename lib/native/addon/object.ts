/** Functions of native/object: objects, linking, BTF. */
import type { Errno, MapHandle, ObjectHandle, ProgramHandle, Status } from './handles.js';

/** Calls that take less than a microsecond or so, or only look. */
export interface ObjectCalls {
  btfName(id: number): string | Errno;
  btfNameOfFd(fd: number): string | Errno;
  objectPrograms(object: ObjectHandle): ProgramHandle[] | Errno;
  objectMaps(object: ObjectHandle): MapHandle[] | Errno;
}

/** Calls that may block; each exists as a promise and with `Sync` behind its name. */
export interface ObjectJobs {
  /**
   * `btf`: a file to relocate against; the running kernel's types where it is empty. `kconfig`: options that go before
   * the kernel's own. `token`: the bpffs to have a token from; empty for none, null for libbpf's choice. `pinRoot`: the folder for maps that ask to be pinned by name; null for
   * libbpf's choice.
   */
  objectOpen(
    bytes: Uint8Array,
    name: string,
    btf: string,
    kconfig: string | null,
    token: string | null,
    pinRoot: string | null,
  ): ObjectHandle;
  objectPrepare(object: ObjectHandle): Status;
  objectLoad(object: ObjectHandle): Status;
  objectClose(object: ObjectHandle): Status;
  btfDump(bytes: Uint8Array): string;
  btfById(id: number): Uint8Array;
  btfByFd(fd: number): Uint8Array;
  linkerLink(objects: readonly Uint8Array[]): Uint8Array;
}

/** The only door to the addon: loads it on first use and types its functions. Nobody else touches it. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { BpfError } from './errors.js';

declare const kind: unique symbol;

/** What JavaScript holds of a native thing; only the addon can look inside. */
export interface NativeHandle<Kind extends string> {
  readonly [kind]: Kind;
}

export type ObjectHandle = NativeHandle<'object'>;
export type ProgramHandle = NativeHandle<'program'>;
export type LinkHandle = NativeHandle<'link'>;
export type MapHandle = NativeHandle<'map'>;
export type RingBufferHandle = NativeHandle<'ring buffer'>;

/** A negative errno; 0 or a count where the call succeeded. */
export type Status = number;

/** Calls that take less than a microsecond or so, or only look. */
interface Calls {
  libbpfVersion(): string;
  numPossibleCpus(): number | Status;
  btfName(id: number): string | Status;
  btfNextId(id: number): number | Status;
  objectPrograms(object: ObjectHandle): ProgramHandle[] | Status;
  objectMaps(object: ObjectHandle): MapHandle[] | Status;
  programName(program: ProgramHandle): string | Status;
  programSectionName(program: ProgramHandle): string | Status;
  programType(program: ProgramHandle): number | Status;
  programFd(program: ProgramHandle): number | Status;
  programAutoload(program: ProgramHandle): number | Status;
  programSetAutoload(program: ProgramHandle, autoload: boolean): Status;
  linkFd(link: LinkHandle): number | Status;
  mapName(map: MapHandle): string | Status;
  mapType(map: MapHandle): number | Status;
  mapKeySize(map: MapHandle): number | Status;
  mapValueSize(map: MapHandle): number | Status;
  mapMaxEntries(map: MapHandle): number | Status;
  mapFlags(map: MapHandle): number | Status;
  mapIsInternal(map: MapHandle): number | Status;
  mapFd(map: MapHandle): number | Status;
  mapSetMaxEntries(map: MapHandle, count: number): Status;
  mapSetValueSize(map: MapHandle, size: number): Status;
  mapLookupElem(map: MapHandle, key: Uint8Array, value: Uint8Array, flags: number): Status;
  mapUpdateElem(map: MapHandle, key: Uint8Array, value: Uint8Array, flags: number): Status;
  mapDeleteElem(map: MapHandle, key: Uint8Array): Status;
  mapGetNextKey(map: MapHandle, key: Uint8Array | null, next: Uint8Array): Status;
  mapReadValue(map: MapHandle, offset: number, out: Uint8Array): Status;
  mapWriteValue(map: MapHandle, offset: number, bytes: Uint8Array): Status;
  mapSectionSize(map: MapHandle): number | Status;
  ringBufferOpen(map: MapHandle, onReadable: (status: Status) => void): RingBufferHandle | Status;
  ringBufferDrain(ring: RingBufferHandle, out: Uint8Array, maxRecords: number): number | Status;
  ringBufferAvailable(ring: RingBufferHandle): number | Status;
  ringBufferArm(ring: RingBufferHandle): Status;
  ringBufferDisarm(ring: RingBufferHandle): Status;
  ringBufferClose(ring: RingBufferHandle): Status;
}

/** Calls that may block; each exists as a promise and with `Sync` behind its name. */
export interface Jobs {
  /** `btf`: a file to relocate against; the running kernel's types where it is empty. */
  objectOpen(bytes: Uint8Array, name: string, btf: string): ObjectHandle;
  objectLoad(object: ObjectHandle): void;
  objectClose(object: ObjectHandle): void;
  programAttach(program: ProgramHandle): LinkHandle;
  linkDestroy(link: LinkHandle): void;
  btfDump(bytes: Uint8Array): string;
  btfById(id: number): Uint8Array;
  linkerLink(objects: readonly Uint8Array[]): Uint8Array;
}

/** What a job answers: its result or a negative errno, and what libbpf said meanwhile. */
export type Outcome<T = unknown> = readonly [result: T | Status, log: string];

type Pooled = {
  [Name in keyof Jobs]: (...args: Parameters<Jobs[Name]>) => Promise<Outcome<ReturnType<Jobs[Name]>>>;
};
type Immediate = {
  [Name in keyof Jobs as `${Name}Sync`]: (...args: Parameters<Jobs[Name]>) => Outcome<ReturnType<Jobs[Name]>>;
};

/** The addon's function table. */
export type NativeApi = Calls & Pooled & Immediate;

let loaded: NativeApi | undefined;

/**
 * The addon, loaded on first use.
 *
 * @throws BpfError `ERR_BPF_UNSUPPORTED_PLATFORM` away from Linux, `ERR_BPF_ADDON` when it cannot be loaded.
 */
export function native(): NativeApi {
  loaded ??= load();
  return loaded;
}

function load(): NativeApi {
  const operation = 'load the libbpf-ts addon';
  if (process.platform !== 'linux') throw unsupported(operation);
  const require = createRequire(import.meta.url);
  try {
    return require('node-gyp-build')(fileURLToPath(new URL('..', import.meta.url))) as NativeApi;
  } catch (cause) {
    throw new BpfError({ ...addonFailure(cause), operation, code: 'ERR_BPF_ADDON', cause });
  }
}

function unsupported(operation: string): BpfError {
  const reason = `BPF exists on Linux only and this is ${process.platform}`;
  const hint = 'types, BTF reading and code generation work here; run the rest on Linux';
  return new BpfError({ code: 'ERR_BPF_UNSUPPORTED_PLATFORM', operation, reason, hint });
}

function addonFailure(cause: unknown): { reason: string; hint: string } {
  const text = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  const target = `${process.platform}-${process.arch}, Node ${process.version}`;
  const hint = `this package carries builds for linux-x64 with glibc; this is ${target}; from a checkout: npm run build`;
  return { reason: text, hint };
}

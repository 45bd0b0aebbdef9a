/** The only door to the addon: loads it on first use. Nobody else touches it. */
import { BpfError } from '../errors/bpf-error.js';
import { requireHere } from '../package.js';
import type { AttachJobs } from './addon/attach.js';
import type { CoreCalls } from './addon/core.js';
import type { EventsCalls } from './addon/events.js';
import type { Errno } from './addon/handles.js';
import type { InspectCalls, InspectJobs } from './addon/inspect.js';
import type { LinkCalls, LinkJobs } from './addon/link.js';
import type { MapCalls, MapJobs } from './addon/map.js';
import type { ObjectCalls, ObjectJobs } from './addon/object.js';
import type { ProgramCalls, ProgramJobs } from './addon/program.js';
import { findAddon } from './addon-file.js';

export type { LinkMember, Order } from './addon/attach.js';
export type * from './addon/handles.js';
export type { NativeLinkInfo } from './addon/link.js';
export type { BoundCalls } from './addon/map.js';

/** What answers at once. */
export interface Calls
  extends CoreCalls,
    ObjectCalls,
    ProgramCalls,
    MapCalls,
    LinkCalls,
    EventsCalls,
    InspectCalls {}

/** What may block; each exists as a promise and with `Sync` behind its name. */
export interface Jobs extends ObjectJobs, ProgramJobs, MapJobs, LinkJobs, AttachJobs, InspectJobs {}

/** What a job answers: its result or a negative errno, and libbpf's log of it. */
export type Outcome<T = unknown> = readonly [result: T | Errno, log: string];

type Pooled = {
  [Name in keyof Jobs]: (...args: Parameters<Jobs[Name]>) => Promise<Outcome<ReturnType<Jobs[Name]>>>;
};
type Immediate = {
  [Name in keyof Jobs as `${Name}Sync`]: (...args: Parameters<Jobs[Name]>) => Outcome<ReturnType<Jobs[Name]>>;
};

/** The addon's function table. */
export type NativeApi = Calls & Pooled & Immediate;

let table: NativeApi | undefined;
let addon: NativeApi | undefined;

/**
 * The addon, loaded on first use.
 *
 * @throws BpfError `ERR_BPF_UNSUPPORTED_PLATFORM` away from Linux, `ERR_BPF_ADDON` when it cannot be loaded.
 */
export function native(): NativeApi {
  table ??= loadOnce();
  return table;
}

/** Puts a table before the addon, once: it answers for handles that are not the addon's, and passes the rest on. */
export function putBefore(make: (addon: () => NativeApi) => NativeApi): void {
  table = make(loadOnce);
}

function loadOnce(): NativeApi {
  addon ??= load();
  return addon;
}

function load(): NativeApi {
  const operation = 'load the libbpf-ts addon';
  if (process.platform !== 'linux') throw unsupported(operation);
  const source = findAddon();
  if (typeof source !== 'string') return source as NativeApi;
  try {
    return requireHere()(source) as NativeApi;
  } catch (cause) {
    throw new BpfError({ ...addonFailure(cause, source), operation, code: 'ERR_BPF_ADDON', cause });
  }
}

function unsupported(operation: string): BpfError {
  const reason = `BPF exists on Linux only and this is ${process.platform}`;
  const hint = 'types, BTF reading and code generation work here; run the rest on Linux';
  return new BpfError({ code: 'ERR_BPF_UNSUPPORTED_PLATFORM', operation, reason, hint });
}

function addonFailure(cause: unknown, file: string): { reason: string; hint: string } {
  const { message, code } = cause as NodeJS.ErrnoException;
  const reason = `${file} does not load: ${message.split('\n')[0]}`;
  // https://nodejs.org/api/permissions.html: under --permission native addons take a flag of their own.
  if (code === 'ERR_DLOPEN_DISABLED') return { reason, hint: 'start node with --allow-addons' };
  return { reason, hint: `this is ${process.platform}-${process.arch}, Node ${process.version}` };
}

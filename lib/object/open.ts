/** Objects without a generated module: described by their own BTF when they are opened. */

import type { Forms } from '../codec/index.js';
import type { Description } from '../gen/index.js';
import { type Flow, run, runSync } from '../native/flow.js';
import { type Alternatives, loadWith } from './alternatives.js';
import { describeFile } from './described.js';
import { everyKind } from './every-kind.js';
import type { LoadedObject } from './loaded-object.js';
import { OpenObject } from './object.js';
import { type OpeningOptions, requireArguments } from './open-options.js';
import { assigned } from './skeleton.js';
import { type ObjectFile, objectName, readObject } from './source.js';
import type { InitialGlobals } from './types.js';

/** How to open an object file. */
export interface OpenOptions extends OpeningOptions {
  /** What libbpf calls the object; from the file's name by default. */
  readonly name?: string;
  /** C types of ring-buffer records, by ring, where the object does not say: `{ events: 'struct event' }`. */
  readonly types?: Readonly<Record<string, string>>;
  /** Which JavaScript form a C type takes, where there is a choice: `{ all: 'number' }`. */
  readonly forms?: Forms;
  /** SHA-256 that the object must have, hexadecimal; absent: any. */
  readonly expectedSha256?: string;
  /** Of {@link load}: programs of which the first that loads is kept, and the others are not loaded. */
  readonly alternatives?: Alternatives;
}

const ofFiles = ['name', 'types', 'forms', 'expectedSha256'];

/**
 * Opens an object file; keys, values, records and globals are described by its BTF, so their types are known at
 * run time only. With a generated module they are known to the compiler too.
 *
 * @param file - a path, a `file:` URL, the object's bytes, or what `bpf` or `compile()` of `libbpf-ts/build` give.
 * @param initial - values of global variables by section: `{ rodata: { min_us: 1_000n } }`.
 * @throws BpfError `ERR_BPF_ELF`, `ERR_BPF_BTF`, `ERR_BPF_OBJECT` (its digest is not the expected one) or an errno's name,
 * with the file in its message; `ERR_BPF_ARGUMENT` for sections, variables and options that are not there.
 * @example
 * ```ts
 * await using opened = await open('execsnoop.bpf.o', { rodata: { min_us: 1_000n } }, { kconfig: 'CONFIG_HZ=250' });
 * opened.maps.events!.maxEntries = 1 << 20;
 * await using bpf = await opened.load();
 * ```
 */
export async function open(
  file: ObjectFile | Promise<ObjectFile>,
  initial?: InitialGlobals<Description>,
  options?: OpenOptions,
): Promise<OpenObject> {
  return run(openFile(await file, initial, options));
}

/** {@link open} on this thread. */
export function openSync(
  file: ObjectFile,
  initial?: InitialGlobals<Description>,
  options?: OpenOptions,
): OpenObject {
  return runSync(openFile(file, initial, options));
}

/**
 * {@link open}, then load.
 *
 * @example
 * ```ts
 * await using bpf = await load('execsnoop.bpf.o', { rodata: { min_us: 1_000n } });
 * await bpf.attach();
 * ```
 */
export async function load(
  file: ObjectFile | Promise<ObjectFile>,
  initial?: InitialGlobals<Description>,
  options?: OpenOptions,
): Promise<LoadedObject> {
  return run(loadFile(await file, initial, options));
}

/** {@link load} on this thread. */
export function loadSync(
  file: ObjectFile,
  initial?: InitialGlobals<Description>,
  options?: OpenOptions,
): LoadedObject {
  return runSync(loadFile(file, initial, options));
}

function* openFile(
  file: ObjectFile,
  initial?: InitialGlobals<Description>,
  options: OpenOptions = {},
): Flow<OpenObject> {
  requireArguments('open an object', initial, options, ofFiles);
  const object = readObject(file, options.expectedSha256);
  const name = options.name ?? objectName(file);
  const description = describeFile(object, name, { types: options.types, forms: options.forms });
  const opened = yield* OpenObject.open(object, description, everyKind(), options);
  return assigned(opened, initial);
}

function* loadFile(
  file: ObjectFile,
  initial?: InitialGlobals<Description>,
  options?: OpenOptions,
): Flow<LoadedObject> {
  return yield* loadWith(() => openFile(file, initial, options), options?.alternatives);
}

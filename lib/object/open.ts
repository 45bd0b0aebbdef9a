/** Objects without a generated module: described by their own BTF when they are opened. */

import type { Forms } from '../codec/index.js';
import { type Description, describe } from '../gen/index.js';
import { type Flow, run, runSync } from '../native/flow.js';
import { type Alternatives, loadWith } from './alternatives.js';
import type { LoadedObject } from './loaded-object.js';
import { OpenObject } from './object.js';
import type { OpeningOptions } from './open-options.js';
import { assigned } from './skeleton.js';
import { type ObjectFile, objectName, readObject } from './source.js';
import type { InitialGlobals } from './types.js';

/** How to open an object file. Sections, as `rodata`, set global variables. */
export interface OpenOptions extends OpeningOptions {
  /** What libbpf calls the object; from the file's name by default. */
  readonly name?: string;
  /** C types of ring-buffer records, by ring, where the object does not say: `{ events: 'struct event' }`. */
  readonly types?: Readonly<Record<string, string>>;
  /** Which JavaScript form a C type takes, where there is a choice: `{ all: 'number' }`. */
  readonly forms?: Forms;
  /** SHA-256 that the object must have, hexadecimal; absent: any. */
  readonly expectedSha256?: string;
  /** Initial values of global variables by section: `{ rodata: { min_us: 1_000n } }`. */
  readonly globals?: InitialGlobals<Description>;
  /** Of {@link load}: programs of which the first that this kernel takes is loaded, and the others not. */
  readonly alternatives?: Alternatives;
}

/**
 * Opens an object file; keys, values, records and globals are described by its BTF, so their types are known at
 * run time only. With a generated module they are known to the compiler too.
 *
 * @param file - a path, a `file:` URL, or the object's bytes.
 * @throws BpfError `ERR_BPF_ELF`, `ERR_BPF_BTF`, `ERR_BPF_OBJECT` (its digest is not the expected one) or an errno's name,
 * with the file in its message.
 * @example
 * ```ts
 * await using bpf = await load('execsnoop.bpf.o');
 * await bpf.attach();
 * ```
 */
export function open(file: ObjectFile, options?: OpenOptions): Promise<OpenObject> {
  return run(openFile(file, options));
}

/** {@link open} on this thread. */
export function openSync(file: ObjectFile, options?: OpenOptions): OpenObject {
  return runSync(openFile(file, options));
}

/** {@link open}, then load. */
export function load(file: ObjectFile, options?: OpenOptions): Promise<LoadedObject> {
  return run(loadFile(file, options));
}

/** {@link load} on this thread. */
export function loadSync(file: ObjectFile, options?: OpenOptions): LoadedObject {
  return runSync(loadFile(file, options));
}

function* openFile(file: ObjectFile, options: OpenOptions = {}): Flow<OpenObject> {
  const object = readObject(file, options.expectedSha256);
  const name = options.name ?? objectName(file);
  const description = describe(object.bytes, name, { types: options.types, forms: options.forms });
  const opened = yield* OpenObject.open(object, description, options);
  return assigned(opened, options.globals);
}

function* loadFile(file: ObjectFile, options?: OpenOptions): Flow<LoadedObject> {
  return yield* loadWith(() => openFile(file, options), options?.alternatives);
}

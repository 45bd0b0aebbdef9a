/** Pins of a whole object: each program and map as a file of its name in one folder, all of them or none. */
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { argumentError, requireOptions, requireText, shown } from '../errors/arguments.js';
import { type PinnedKind, pinError, removePin, requireBpffs } from '../native/bpffs.js';
import { check, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { type MapHandle, native, type ObjectHandle, type ProgramHandle } from '../native/native.js';

/** What of an object is pinned. */
export interface PinOptions {
  /** Its maps alone, or its programs alone; both by default. */
  readonly only?: 'maps' | 'programs';
}

/** What hears where it is pinned; undefined for nowhere. */
interface Pinned {
  pinnedAt(path: string | undefined): void;
}

/** What an object's pins are made of. */
interface Pinnable {
  readonly name: string;
  readonly handle: ObjectHandle;
  readonly programs: Readonly<Record<string, Pinned & { readonly nativeHandle: ProgramHandle }>>;
  readonly maps: Readonly<Record<string, Pinned>>;
}

/** One file. */
interface Part {
  readonly kind: PinnedKind;
  readonly name: string;
  readonly file: string;
  readonly pin: (path: string) => ReturnType<typeof job<'mapPin' | 'programPin'>>;
  readonly owner: Pinned | undefined;
}

/** The files that one object has made, by folder. */
export class ObjectPins {
  readonly #object: Pinnable;
  readonly #made = new Map<string, Part[]>();

  constructor(object: Pinnable) {
    this.#object = object;
  }

  /** @throws BpfError with the errno's name, and nothing stays pinned that was not before */
  *pin(folder: string, options: PinOptions = {}): Flow<void> {
    const operation = `pin object ${this.#object.name} to ${shown(folder)}`;
    requireText(operation, 'a folder', folder);
    const parts = partsOf(this.#object, onlyOf(operation, options));
    requireBpffs(folder, operation);
    const isNew = makeFolder(folder);
    const made: Part[] = [];
    try {
      for (const part of parts) {
        yield* pinOne(part, join(folder, part.file));
        made.push(part);
      }
    } catch (error) {
      yield* takeBack(made, folder, isNew);
      throw error;
    }
    for (const { owner, file } of made) owner?.pinnedAt(join(folder, file));
    this.#made.set(folder, [...(this.#made.get(folder) ?? []), ...made]);
  }

  /** Removes what {@link pin} made in a folder. */
  *unpin(folder: string): Flow<void> {
    const operation = `unpin object ${this.#object.name} from ${shown(folder)}`;
    const made = this.#made.get(folder);
    if (made === undefined) throw argumentError(operation, 'this object was not pinned there');
    while (made.length > 0) {
      const part = made.at(-1) as Part;
      yield* removePin(join(folder, part.file), operation);
      part.owner?.pinnedAt(undefined);
      made.pop();
    }
    this.#made.delete(folder);
  }
}

/** What cannot be taken back is left: the caller hears why the pin failed, which comes first. */
function* takeBack(made: readonly Part[], folder: string, isNew: boolean): Flow<void> {
  try {
    for (const part of made) yield* removePin(join(folder, part.file), 'take a pin back');
    if (isNew) rmdirSync(folder);
  } catch {
    // Another process removed a file, or put one there.
  }
}

function onlyOf(operation: string, options: PinOptions): PinOptions['only'] {
  requireOptions(operation, options, ['only']);
  const { only } = options;
  if (only === undefined || only === 'maps' || only === 'programs') return only;
  throw argumentError(operation, `only is 'maps' or 'programs', not ${shown(only)}`);
}

function* pinOne({ kind, name, pin }: Part, path: string): Flow<void> {
  const [status] = yield* pin(path);
  if (failed(status)) throw pinError(status, `pin ${kind} ${name} to ${path}`, path, kind);
}

/** One level, as make_parent_dir() in libbpf.c does. */
function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false; // It is there, or pinning says what is wrong with it.
  }
}

/** What was left out at load has no descriptor to pin. */
function partsOf(object: Pinnable, only: PinOptions['only']): Part[] {
  return [...(only === 'programs' ? [] : mapParts(object)), ...(only === 'maps' ? [] : programParts(object))];
}

function programParts({ programs }: Pinnable): Part[] {
  return Object.entries(programs)
    .filter(([, { nativeHandle }]) => native().programFd(nativeHandle) >= 0)
    .map(([name, owner]) => {
      const pin = (path: string) => job('programPin', owner.nativeHandle, path);
      return { kind: 'program', name, file: name, pin, owner };
    });
}

/** Sections of variables are maps too. No name in a BPF file system has a dot (bpf_lookup() in kernel/bpf/inode.c). */
function mapParts({ name: object, handle, maps }: Pinnable): Part[] {
  const operation = `list the maps of ${object}`;
  const handles = check(native().objectMaps(handle), operation) as MapHandle[];
  return handles
    .filter(map => native().mapFd(map) >= 0)
    .map(map => {
      const name = check(native().mapName(map), operation) as string;
      const pin = (path: string) => job('mapPin', map, path);
      return { kind: 'map', name, file: name.replaceAll('.', '_'), pin, owner: maps[name] };
    });
}

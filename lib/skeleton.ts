/** The runtime half of generated modules: a description becomes something to open and load. */
import { type Flow, run, runSync } from './flow.js';
import type { Description } from './gen/description.js';
import type { LoadedObject } from './loaded-object.js';
import { OpenObject } from './object.js';
import type { InitialGlobals } from './object-types.js';
import { carriedObject } from './source.js';

/** An object that its module describes: each `open` or `load` makes a new one. */
export interface Skeleton<D extends Description> {
  /** libbpf's name of the object. */
  readonly name: string;
  /** The types behind it. */
  readonly description: D;
  /** Opens the object; `initial` sets global variables by section. */
  open(initial?: InitialGlobals<D>): Promise<OpenObject<D>>;
  /** {@link Skeleton.open} on this thread. */
  openSync(initial?: InitialGlobals<D>): OpenObject<D>;
  /**
   * Opens and loads the object.
   *
   * @param initial - global variables by section, as `{ rodata: { min_us: 1_000n } }`.
   */
  load(initial?: InitialGlobals<D>): Promise<LoadedObject<D>>;
  /** {@link Skeleton.load} on this thread. */
  loadSync(initial?: InitialGlobals<D>): LoadedObject<D>;
}

/** Makes a skeleton of a description; generated modules call it. */
export function skeleton<const D extends Description>(description: D): Skeleton<D> {
  const open = (initial?: InitialGlobals<D>) => openFlow(description, initial);
  const load = (initial?: InitialGlobals<D>) => loadFlow(description, initial);
  return {
    name: description.name,
    description,
    open: async initial => run(open(initial)),
    openSync: initial => runSync(open(initial)),
    load: async initial => run(load(initial)),
    loadSync: initial => runSync(load(initial)),
  };
}

/** Opens what a description carries. */
export function* openFlow<D extends Description>(
  description: D,
  initial?: InitialGlobals<D>,
): Flow<OpenObject<D>> {
  const opened = yield* OpenObject.open(carriedObject(description.object, description.name), description);
  return assigned(opened, initial);
}

function* loadFlow<D extends Description>(
  description: D,
  initial?: InitialGlobals<D>,
): Flow<LoadedObject<D>> {
  const opened = yield* openFlow(description, initial);
  return yield* opened.loadFlow();
}

/** A value that does not fit must not leave the object open. */
export function assigned<D extends Description>(
  opened: OpenObject<D>,
  initial: InitialGlobals<D> | undefined,
): OpenObject<D> {
  try {
    return initial === undefined ? opened : opened.assign(initial);
  } catch (error) {
    opened.closeSync();
    throw error;
  }
}

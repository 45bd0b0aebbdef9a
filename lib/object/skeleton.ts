/** The runtime half of generated modules: a description becomes something to open and load. */

import { requireText } from '../errors/arguments.js';
import type { Description } from '../gen/description.js';
import { type Flow, run, runSync } from '../native/flow.js';
import { type Alternatives, loadWith } from './alternatives.js';
import { type Kind, kindsOf } from './kinds.js';
import type { LoadedObject } from './loaded-object.js';
import { OpenObject } from './object.js';
import { type OpeningOptions, requireArguments } from './open-options.js';
import { carriedObject } from './source.js';
import type { InitialGlobals } from './types.js';

/** How an object is opened. */
export interface SkeletonOptions<Name extends PropertyKey = string> extends OpeningOptions {
  /** Of {@link Skeleton.load}: programs of which the first that loads is kept, and the others are not loaded. */
  readonly alternatives?: Alternatives<Name>;
}

/** An object that its module describes: each `open` or `load` makes a new one. */
export interface Skeleton<D extends Description> {
  /** libbpf's name of the object. */
  readonly name: string;
  /** The types behind it. */
  readonly description: D;
  /** Opens the object; `initial` sets global variables by section. */
  open(initial?: InitialGlobals<D>, options?: SkeletonOptions): Promise<OpenObject<D>>;
  /** {@link Skeleton.open} on this thread. */
  openSync(initial?: InitialGlobals<D>, options?: SkeletonOptions): OpenObject<D>;
  /**
   * Opens and loads the object.
   *
   * @param initial - global variables by section, as `{ rodata: { min_us: 1_000n } }`.
   * @example
   * ```ts
   * await using bpf = await load('exec.bpf.o', {}, { alternatives: [['by_fentry', 'by_kprobe']] });
   * ```
   */
  load(initial?: InitialGlobals<D>, options?: SkeletonOptions<keyof D['programs']>): Promise<LoadedObject<D>>;
  /** {@link Skeleton.load} on this thread. */
  loadSync(initial?: InitialGlobals<D>, options?: SkeletonOptions<keyof D['programs']>): LoadedObject<D>;
}

/**
 * Makes a skeleton of a description; generated modules call it.
 *
 * @param kinds - of its programs and maps, from `libbpf-ts/skeleton`: an application's bundle has no others
 */
export function skeleton<const D extends Description>(description: D, kinds: readonly Kind[]): Skeleton<D> {
  requireText('make a skeleton', 'a description has a name, which', description?.name);
  type Initial = InitialGlobals<D>;
  const open = (initial?: Initial, options?: SkeletonOptions) =>
    openFlow(description, kinds, initial, options);
  const load = (initial?: Initial, options?: SkeletonOptions<keyof D['programs']>) =>
    loadFlow(description, kinds, initial, options);
  return {
    name: description.name,
    description,
    open: async (initial, options) => run(open(initial, options)),
    openSync: (initial, options) => runSync(open(initial, options)),
    load: async (initial, options) => run(load(initial, options)),
    loadSync: (initial, options) => runSync(load(initial, options)),
  };
}

/** Opens what a description carries. */
function* openFlow<D extends Description>(
  description: D,
  kinds: readonly Kind[],
  initial?: InitialGlobals<D>,
  options: OpeningOptions = {},
): Flow<OpenObject<D>> {
  requireArguments(`open ${description.name}`, initial, options);
  const object = yield* carriedObject(description.object, description.name);
  const opened = yield* OpenObject.open(object, description, kindsOf(description, kinds), options);
  return assigned(opened, initial);
}

function* loadFlow<D extends Description>(
  description: D,
  kinds: readonly Kind[],
  initial?: InitialGlobals<D>,
  given: SkeletonOptions<keyof D['programs']> = {},
): Flow<LoadedObject<D>> {
  requireArguments(`open ${description.name}`, initial, given);
  const { alternatives, ...options } = given;
  return yield* loadWith(() => openFlow(description, kinds, initial, options), alternatives);
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

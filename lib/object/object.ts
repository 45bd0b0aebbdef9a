/** BPF objects in their two phases: opened, when settings can change, and loaded, when programs can run. */

import { argumentError } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { meant } from '../errors/nearest.js';
import type { Description } from '../gen/description.js';
import type { OpenMap } from '../map/open-map.js';
import { Resource } from '../native/closable.js';
import { check, errnoError, failed } from '../native/errno.js';
import { type Flow, job, runSync } from '../native/flow.js';
import { lastWarning } from '../native/libbpf-log.js';
import type { ObjectHandle } from '../native/native.js';
import { ObjectState } from '../native/owner.js';
import type { OpenProgram } from '../program/open-program.js';
import { type Contents, contentsOf } from './contents.js';
import { assignGlobals } from './globals.js';
import type { Kinds } from './kinds.js';
import { LoadedObject } from './loaded-object.js';
import { loadObject } from './loading.js';
import { openMaps, openPrograms, openSections } from './open-contents.js';
import type { OpeningOptions } from './open-options.js';
import { explanations, screening } from './parts.js';
import { type SectionImage, variablesOf } from './section-image.js';
import type { ObjectBytes } from './source.js';
import type { GlobalsOf, InitialGlobals } from './types.js';

/**
 * An opened object, before load. Set globals, sizes and autoload, then `load()`, which consumes it.
 *
 * @example
 * ```ts
 * const opened = await execsnoop.open();
 * opened.globals.rodata.failures_only = true;
 * opened.maps.events.maxEntries = 1 << 20;
 * const bpf = await opened.load();
 * ```
 */
export class OpenObject<D extends Description = Description> extends Resource {
  readonly #handle: ObjectHandle;
  readonly #state: ObjectState;
  readonly #contents: Contents;
  readonly #description: D;
  readonly #kinds: Kinds;
  readonly #images: ReadonlyMap<string, SectionImage>;
  /** Programs by name. */
  readonly programs: { readonly [Name in keyof D['programs']]: OpenProgram<D['programs'][Name]> };
  /** Maps by name. */
  readonly maps: { readonly [Name in keyof D['maps']]: OpenMap<D['maps'][Name]['kind']> };
  /** Initial values of global variables by section, and of their members; `rodata` is constant after load. */
  readonly globals: GlobalsOf<D>;

  private constructor(handle: ObjectHandle, description: D, kinds: Kinds) {
    super();
    this.#handle = handle;
    this.#description = description;
    this.#kinds = kinds;
    this.#state = new ObjectState(description.name);
    this.#contents = contentsOf(handle, description);
    this.programs = openPrograms(this.#contents, this.#state, description);
    this.maps = openMaps(this.#contents, this.#state, description);
    this.#images = openSections(this.#contents, this.#state, description);
    this.globals = variablesOf(this.#images) as GlobalsOf<D>;
  }

  /** @internal */
  static *open<D extends Description>(
    { bytes, subject }: ObjectBytes,
    description: D,
    kinds: Kinds,
    { btf = '', kconfig, token, pinRootPath }: OpeningOptions = {},
  ): Flow<OpenObject<D>> {
    const operation = `open ${subject}`;
    if (btf !== '') (yield* screening.need(operation)).screenTypesFile(btf);
    const settings = [
      btf,
      kconfig ?? null,
      token === false ? '' : (token ?? null),
      pinRootPath ?? null,
    ] as const;
    const [result, log] = yield* job('objectOpen', bytes, description.name, ...settings);
    if (failed(result)) {
      const part = yield* explanations.find();
      throw (
        part?.openError(result, subject, log) ??
        errnoError(result, operation, { log, reason: lastWarning(log) })
      );
    }
    try {
      return new OpenObject(result, description, kinds);
    } catch (error) {
      yield* job('objectClose', result);
      throw error;
    }
  }

  /** @internal */
  get parts(): { readonly contents: Contents; readonly description: D } {
    return { contents: this.#contents, description: this.#description };
  }

  /** libbpf's name of the object. */
  get name(): string {
    return this.#description.name;
  }

  /** @internal */
  protected get subject(): string {
    return `object ${this.name}`;
  }

  /**
   * Creates the maps, has the kernel verify and load the programs; off the main thread. This object is used up,
   * whether it succeeds or not.
   *
   * @throws VerifierError when the verifier rejects a program; BpfError with the errno's name of bpf_object__load()
   * in libbpf.c otherwise, `ERR_BPF_PHASE` when it was loaded before.
   */
  load(): Promise<LoadedObject<D>> {
    return this.#state.queue.run(() => this.loadFlow());
  }

  /** {@link load} on this thread. */
  loadSync(): LoadedObject<D> {
    return runSync(this.loadFlow());
  }

  /** @internal */
  *loadFlow(): Flow<LoadedObject<D>> {
    this.#beginLoad();
    try {
      for (const image of this.#images.values()) image.apply();
      yield* loadObject(this.#handle, {
        contents: this.#contents,
        description: this.#description,
        state: this.#state,
        kinds: this.#kinds,
      });
      return new LoadedObject(this.#handle, this.#state, this.#contents, this.#description, this.#kinds);
    } catch (error) {
      yield* this.#endQuietly();
      throw error;
    }
  }

  /** Sets globals by section, as `load({ rodata: { … } })` does. */
  assign(initial: InitialGlobals<D>): this {
    for (const [section, values] of Object.entries(initial)) {
      const variables = (this.globals as Record<string, object>)[section];
      if (variables === undefined) throw this.#noSection(section);
      assignGlobals(variables, values as object, section);
    }
    return this;
  }

  /** @internal */
  protected *end(): Flow<void> {
    if (this.#state.loadBegun) return;
    yield* this.#endQuietly();
  }

  *#endQuietly(): Flow<void> {
    this.#state.close();
    const [status] = yield* job('objectClose', this.#handle);
    check(status, `close ${this.name}`);
  }

  #beginLoad(): void {
    const operation = `load ${this.name}`;
    this.requireOpen(operation);
    if (!this.#state.loadBegun) {
      this.#state.loadBegun = true;
      return;
    }
    const reason = 'it is loaded, or its load failed';
    throw new BpfError({
      code: 'ERR_BPF_PHASE',
      operation,
      reason,
      hint: 'an opened object loads once: open it again',
    });
  }

  #noSection(section: string): BpfError {
    const known = Object.keys(this.globals).join(', ') || 'none';
    const reason = `it has no section ${section}; its sections with variables: ${known}`;
    const hint =
      section === 'globals'
        ? 'give the sections themselves: { rodata: … }'
        : meant(section, Object.keys(this.globals));
    return argumentError(`set globals of ${this.name}`, reason, hint);
  }
}

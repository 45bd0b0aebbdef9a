/** A loaded object: programs to attach, maps to read, globals to watch. */

import type { Description } from '../gen/description.js';
import type { LiveMap } from '../map/live-map.js';
import type { MapBase } from '../map/map-state.js';
import type { StructOpsMap } from '../map/struct-ops.js';
import { Resource } from '../native/closable.js';
import { check } from '../native/errno.js';
import { type Flow, job, runSync } from '../native/flow.js';
import { watchForLoss } from '../native/lost-object.js';
import type { ObjectHandle } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import type { Program } from '../program/program.js';
import { type AttachAllOptions, type Attachment, type AttachOptionsOf, attachAll } from './attach-all.js';
import type { Contents } from './contents.js';
import type { Kinds } from './kinds.js';
import { globalsOf, liveMaps, livePrograms } from './live-contents.js';
import { ObjectPins, type PinOptions } from './pinning.js';
import type { ContextOf, LoadedGlobalsOf } from './types.js';

/** Names of what can be attached: programs, and struct_ops tables. */
export type AttachedName<D extends Description> =
  | keyof D['programs']
  | {
      [Name in keyof D['maps']]: D['maps'][Name]['kind'] extends 'struct_ops' ? Name : never;
    }[keyof D['maps']];

/**
 * An object in the kernel. Closing it detaches its links and lets go of its maps; what was pinned stays.
 *
 * @example
 * ```ts
 * await using bpf = await execsnoop.load();
 * await bpf.attach();
 * for await (const event of bpf.maps.events) console.log(event.comm);
 * ```
 */
export class LoadedObject<D extends Description = Description> extends Resource {
  readonly #handle: ObjectHandle;
  readonly #state: ObjectState;
  readonly #pins: ObjectPins;
  /** Programs by name. */
  readonly programs: {
    readonly [Name in keyof D['programs']]: Program<D['programs'][Name], ContextOf<D, Name>>;
  };
  /** Maps by name. */
  readonly maps: { readonly [Name in keyof D['maps']]: LiveMap<D['maps'][Name]> };
  /**
   * Global variables by section, live; those in an arena as `arena`. Structs and arrays are live too: writing a member,
   * as `globals.data.limits.pid = 5`, writes memory, and bytes are memory itself. Of constants, and where no memory is
   * shared, bytes are copies. Arrays of more than 1024 elements are proxies: copy one (`[...array]`) to send it to a worker.
   */
  readonly globals: LoadedGlobalsOf<D>;

  /** @internal Made by `OpenObject.load()`. */
  constructor(handle: ObjectHandle, state: ObjectState, contents: Contents, description: D, kinds: Kinds) {
    super();
    this.#handle = handle;
    this.#state = state;
    state.maps = contents.maps;
    state.bytes = description.object.bytes;
    this.programs = livePrograms(contents, state, description, kinds);
    this.maps = liveMaps(contents, state, description, kinds);
    this.globals = globalsOf(contents, state, description);
    const { programs, maps } = this;
    this.#pins = new ObjectPins({
      name: state.name,
      handle,
      programs,
      maps: maps as Readonly<Record<string, MapBase>>,
    });
    state.owner = new WeakRef(this);
    watchForLoss(this, state);
  }

  /** libbpf's name of the object. */
  get name(): string {
    return this.#state.name;
  }

  /** What libbpf logged while it loaded the object, with the verifier's logs that were asked for; often nothing. */
  get log(): string {
    return this.#state.log;
  }

  /** @internal */
  protected get subject(): string {
    return `object ${this.name}`;
  }

  /**
   * Attaches every program whose section says where, or whose options do, in the object's order, then its struct_ops
   * tables, off the main thread. What has `autoattach` off is left out. If one fails that is neither optional nor has an
   * alternative left, those before it are detached again.
   *
   * @throws BpfError that names the program and its section.
   * @example
   * ```ts
   * await bpf.attach({ alternatives: [['on_exec_fentry', 'on_exec_kprobe']] });
   * const { links } = await bpf.attach({ options: { on_free: { function: ['free_it', 'free_it.isra.0'] } } });
   * console.log(links.on_free?.target);
   * ```
   */
  attach(
    options: AttachAllOptions<keyof D['programs'], AttachOptionsOf<D['programs']>> = {},
  ): Promise<Attachment<AttachedName<D>>> {
    return this.#state.queue.run(() => this.#attachAll(options));
  }

  /** {@link attach} on this thread. */
  attachSync(
    options: AttachAllOptions<keyof D['programs'], AttachOptionsOf<D['programs']>> = {},
  ): Attachment<AttachedName<D>> {
    return runSync(this.#attachAll(options));
  }

  *#attachAll(options: object): Flow<Attachment<AttachedName<D>>> {
    this.requireOpen(`attach ${this.name}`);
    const programs = Object.values(this.programs);
    const tables = Object.values<MapBase>(this.maps).filter(isTable);
    const attachment = yield* attachAll(this.name, programs, tables, options as AttachAllOptions);
    return attachment as Attachment<AttachedName<D>>;
  }

  /**
   * Makes programs and maps outlive this process, each as a file of its name in a folder of a BPF file system, which is
   * made where it is missing. Sections of variables are maps too, as `execsnoop_rodata`; what was not loaded has no file.
   * What is attached is not kept by it: pin links for that. Where one cannot be pinned, none is.
   *
   * @param folder - as `/sys/fs/bpf/execsnoop`
   * @throws BpfError that names the program or map: `EEXIST` where its file is there, `EINVAL` (check_path() in
   * libbpf.c) or `EPERM` (bpf_obj_do_pin() in kernel/bpf/inode.c) where the folder is in no BPF file system
   * @since Linux 4.4
   * @example
   * ```ts
   * await bpf.pin('/sys/fs/bpf/execsnoop', { only: 'maps' });
   * ```
   */
  pin(folder: string, options?: PinOptions): Promise<void> {
    return this.#state.queue.run(() => this.#pin(folder, options));
  }

  /** {@link pin} on this thread. */
  pinSync(folder: string, options?: PinOptions): void {
    runSync(this.#pin(folder, options));
  }

  /**
   * Removes the files that `pin()` made in a folder; programs and maps live on as long as the object is open.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` where it was not pinned there
   */
  unpin(folder: string): Promise<void> {
    return this.#state.queue.run(() => this.#unpin(folder));
  }

  /** {@link unpin} on this thread. */
  unpinSync(folder: string): void {
    runSync(this.#unpin(folder));
  }

  #pin(folder: string, options?: PinOptions): Flow<void> {
    return this.#state.during(`pin object ${this.name}`, () => this.#pins.pin(folder, options));
  }

  #unpin(folder: string): Flow<void> {
    return this.#state.during(`unpin object ${this.name}`, () => this.#pins.unpin(folder));
  }

  /** @internal */
  protected override enqueue<T>(flow: () => Flow<T>): Promise<T> {
    this.#state.close();
    return this.#state.queue.run(flow);
  }

  /** @internal */
  protected *end(): Flow<void> {
    this.#state.close();
    const [status] = yield* job('objectClose', this.#handle);
    check(status, `close ${this.name}`);
  }
}

function isTable(map: MapBase): map is MapBase<'struct_ops'> & StructOpsMap {
  return map.kind === 'struct_ops';
}

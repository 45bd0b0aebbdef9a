/** A map before load: what may still be changed about it. */
import { requireOptions } from '../errors/arguments.js';
import type { MapDescription } from '../gen/description.js';
import { type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import type { ProgramLike } from '../link/update.js';
import { check } from '../native/errno.js';
import { runSync } from '../native/flow.js';
import { findInterface, ownNetns } from '../native/interfaces.js';
import { type MapHandle, native, type Status } from '../native/native.js';
import { mapOpening, withFdAt } from '../native/openings.js';
import type { ObjectState } from '../native/owner.js';
import type { KernelPlace } from '../native/place.js';
import { type MapFlags, mapFlagsIn, mapFlagsOf } from './map-flags.js';
import { type LikeKind, requireLikeKind, requireSize, setExclusiveProgram } from './open-checks.js';
import { preparePin, requireAlike, type UnlikePolicy } from './reuse.js';

/** A map before load. */
export class OpenMap<Kind extends MapKindName = MapKindName> {
  readonly #handle: MapHandle;
  readonly #state: ObjectState;
  /** The map's name in its object. */
  readonly name: string;
  /** libbpf_bpf_map_type_str()'s name of the map type. */
  readonly kind: Kind;
  readonly #description: MapDescription;

  /** @internal */
  constructor(handle: MapHandle, state: ObjectState, name: string, description: MapDescription) {
    this.#handle = handle;
    this.#state = state;
    this.name = name;
    this.kind = description.kind as Kind;
    this.#description = description;
  }

  /**
   * Entries at most; of a ring buffer bytes, which libbpf rounds up to a power of two of pages (adjust_ringbuf_sz()
   * in libbpf.c).
   */
  get maxEntries(): number {
    return this.#read('size', native().mapMaxEntries(this.#handle));
  }

  set maxEntries(count: number) {
    this.#set('the size of', count, map => native().mapSetMaxEntries(map, count));
  }

  /** Bytes of a key; can be set where the object says no type of it. */
  get keySize(): number {
    return this.#read('key size', native().mapKeySize(this.#handle));
  }

  set keySize(size: number) {
    this.#setSize('key', size, map => native().mapSetKeySize(map, size));
  }

  /** Bytes of a value, on one CPU; can be set where the object says no type of it. */
  get valueSize(): number {
    return this.#read('value size', native().mapValueSize(this.#handle));
  }

  set valueSize(size: number) {
    this.#setSize('value', size, map => native().mapSetValueSize(map, size));
  }

  /** As `['no_prealloc']`. */
  get flags(): MapFlags {
    return mapFlagsIn(this.#read('flags', native().mapFlags(this.#handle)));
  }

  set flags(flags: MapFlags) {
    const number = mapFlagsOf(flags, `set the flags of map ${this.name} to ${String(flags)}`);
    this.#set('the flags of', number, map => native().mapSetFlags(map, number));
  }

  /** The NUMA node whose memory it takes; the kernel's choice by default. */
  get numaNode(): number {
    return this.#read('NUMA node', native().mapNumaNode(this.#handle));
  }

  set numaNode(node: number) {
    this.#set('the NUMA node of', node, map => native().mapSetNumaNode(map, node));
  }

  /**
   * Of a bloom filter the number of hashes, of an arena its address: `map_extra` (map_create() in
   * kernel/bpf/syscall.c).
   *
   * @since Linux 5.16
   */
  setExtra(extra: bigint): this {
    this.#set('the extra of', extra, map => native().mapSetExtra(map, extra));
    return this;
  }

  /**
   * The interface to offload to, by its name or index in this network namespace.
   *
   * @throws BpfError `ENODEV` for an unknown one, as if_nametoindex(3) says, `ERR_BPF_PHASE` after load
   */
  setInterface(device: string | number): this {
    const operation = this.#state.change(`offload map ${this.name} to interface ${device}`);
    const { index } = runSync(findInterface(ownNetns, device, operation));
    check(native().mapSetIfindex(this.#handle, index), operation);
    return this;
  }

  /**
   * The program of its object that alone may have it, known by the hash of its instructions: loading any other that
   * names the map fails (check_map_prog_compatibility() in kernel/bpf/verifier.c).
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` for a program of another object, `ERR_BPF_PHASE` after load
   * @since Linux 6.18
   */
  setExclusiveProgram(program: ProgramLike): this {
    const operation = this.#state.change(`make map ${this.name} exclusive`);
    setExclusiveProgram(this.#handle, program, operation);
    this.#state.exclusiveMaps.add(this.name);
    return this;
  }

  /** Another kind that is used in the same way: a hash may become an LRU hash. */
  setKind(kind: LikeKind<Kind>): this {
    const operation = this.#state.change(`make map ${this.name} a ${kind}`);
    requireLikeKind(operation, this.kind, kind);
    check(native().mapSetType(this.#handle, mapKinds[kind].type), operation);
    return this;
  }

  /**
   * Whether `load()` makes it (bpf_map__set_autocreate() in libbpf.c). Set it to false for a kind that is newer than
   * the kernel.
   */
  get autocreate(): boolean {
    return this.#read('autocreate', native().mapAutocreate(this.#handle)) === 1;
  }

  set autocreate(autocreate: boolean) {
    this.#set('autocreate of', autocreate, map => native().mapSetAutocreate(map, autocreate));
  }

  /** Of a struct_ops table: whether `LoadedObject.attach()` attaches it too. Set it to false to attach it by itself. */
  get autoattach(): boolean {
    return this.#read('autoattach', native().mapAutoattach(this.#handle)) === 1;
  }

  set autoattach(autoattach: boolean) {
    this.#set('autoattach of', autoattach, map => native().mapSetAutoattach(map, autoattach));
  }

  /** Of a map of maps: a map like its inner ones. */
  setTemplate(template: KernelPlace): this {
    const operation = this.#state.change(`set the template of map ${this.name}`);
    const set = (fd: number) => native().mapSetInnerMapFd(this.#handle, fd);
    check(withFdAt(template, mapOpening, set), operation);
    return this;
  }

  /**
   * Takes a map that is there instead of making one: an open one, or one by its pin or id.
   *
   * @throws BpfError `ERR_BPF_MAP` where it is another kind, size or has other flags, with each difference.
   */
  reuse(map: KernelPlace): this {
    const operation = this.#state.change(`reuse a map as ${this.name}`);
    withFdAt(map, mapOpening, fd => this.#reuse(fd, operation));
    return this;
  }

  #reuse(fd: number, operation: string): void {
    runSync(requireAlike(this.#handle, fd, operation));
    check(native().mapReuseFd(this.#handle, fd), operation);
  }

  /** Where `load()` pins it, or takes what is pinned there already; undefined for nowhere. */
  get pinPath(): string | undefined {
    const path = check(native().mapPinPath(this.#handle), this.#state.use(`pin path of map ${this.name}`));
    return path === '' ? undefined : (path as string);
  }

  /**
   * Has `load()` take what is pinned at a path, with its content, or pin what it makes there.
   *
   * @param options - what to do with a map there that does not fit: refuse (`error`, the default), or remove its file
   * (`replace`), so that it lives on with those who have it open.
   * @throws BpfError `ERR_BPF_MAP` with each difference.
   */
  pinTo(path: string, options: { readonly unlike?: UnlikePolicy } = {}): this {
    const operation = this.#state.change(`pin map ${this.name} to ${path}`);
    requireOptions(operation, options, ['unlike']);
    runSync(preparePin(this.#handle, path, operation, options.unlike ?? 'error'));
    check(native().mapSetPinPath(this.#handle, path), operation);
    return this;
  }

  #read(what: string, status: Status): number {
    return check(status, this.#state.use(`${what} of map ${this.name}`));
  }

  #set(what: string, value: unknown, set: (handle: MapHandle) => Status): void {
    const operation = this.#state.change(`set ${what} map ${this.name} to ${String(value)}`);
    check(set(this.#handle), operation);
  }

  /** Where a type says what a key or value is, its size follows from it. */
  #setSize(part: 'key' | 'value', size: number, set: (handle: MapHandle) => Status): void {
    const operation = this.#state.change(`set the ${part} size of map ${this.name} to ${size}`);
    requireSize(operation, part, this.#description[part], size);
    this.#set(`the ${part} size of`, size, set);
  }
}

/** A map before load: what may still be changed about it. */
import { unlinkSync } from 'node:fs';
import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import { pinError } from '../native/bpffs.js';
import { check, errnoName, failed } from '../native/errno.js';
import { job, runSync } from '../native/flow.js';
import { type MapHandle, native, type Status } from '../native/native.js';
import { mapOpening, withFdAt } from '../native/openings.js';
import type { ObjectState } from '../native/owner.js';
import type { KernelPlace } from '../native/place.js';
import { type MapFlag, mapFlagsOf } from './map-flags.js';
import { infoOf } from './open.js';
import { propertiesOf } from './properties.js';
import { unfitMap, unlike } from './unlike.js';

/** Kinds that a map may be changed to: those that are used alike. */
export type LikeKind<Kind extends MapKindName> = {
  [Other in MapKindName]: (typeof mapKinds)[Other]['face'] extends (typeof mapKinds)[Kind]['face']
    ? Other
    : never;
}[MapKindName];

/** A map that the kernel does not have yet. */
export class OpenMap<Kind extends MapKindName = MapKindName> {
  readonly #handle: MapHandle;
  readonly #state: ObjectState;
  /** The map's name in its object. */
  readonly name: string;
  /** libbpf's name of the map type. */
  readonly kind: Kind;

  /** @internal */
  constructor(handle: MapHandle, state: ObjectState, name: string, kind: Kind) {
    this.#handle = handle;
    this.#state = state;
    this.name = name;
    this.kind = kind;
  }

  /** Entries at most; of a ring buffer bytes, which libbpf rounds up to a power of two of pages. */
  get maxEntries(): number {
    return this.#read('size', native().mapMaxEntries(this.#handle));
  }

  set maxEntries(count: number) {
    this.#set('the size of', count, native().mapSetMaxEntries(this.#handle, count));
  }

  /** `BPF_F_…`; may be set by names, as `['no_prealloc']`. */
  get flags(): number {
    return this.#read('flags', native().mapFlags(this.#handle));
  }

  set flags(flags: number | readonly MapFlag[]) {
    const number = mapFlagsOf(flags, `set the flags of map ${this.name}`);
    this.#set('the flags of', number, native().mapSetFlags(this.#handle, number));
  }

  /** The NUMA node whose memory it takes; the kernel's choice by default. */
  get numaNode(): number {
    return this.#read('NUMA node', native().mapNumaNode(this.#handle));
  }

  set numaNode(node: number) {
    this.#set('the NUMA node of', node, native().mapSetNumaNode(this.#handle, node));
  }

  /** Of a bloom filter the number of hashes, of an arena its address. @since Linux 5.16 */
  setExtra(extra: bigint): this {
    this.#set('the extra of', extra, native().mapSetExtra(this.#handle, extra));
    return this;
  }

  /** The interface to offload to. */
  setInterface(index: number): this {
    this.#set('the interface of', index, native().mapSetIfindex(this.#handle, index));
    return this;
  }

  /** Another kind that is used in the same way: a hash may become an LRU hash. */
  setKind(kind: LikeKind<Kind>): this {
    const operation = `make map ${this.name} a ${kind}`;
    if (mapKinds[kind]?.face !== mapKinds[this.kind].face) throw this.#unlikeKind(operation, kind);
    check(native().mapSetType(this.#handle, mapKinds[kind].type), this.#state.use(operation));
    return this;
  }

  /** Whether `load()` makes it. Set it to false for a kind that this kernel does not have. */
  get autocreate(): boolean {
    return this.#read('autocreate', native().mapAutocreate(this.#handle)) === 1;
  }

  set autocreate(autocreate: boolean) {
    this.#set('autocreate of', autocreate, native().mapSetAutocreate(this.#handle, autocreate));
  }

  /** Of a map of maps: a map like its inner ones. */
  setTemplate(template: KernelPlace): this {
    const operation = this.#state.use(`set the template of map ${this.name}`);
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
    const operation = this.#state.use(`reuse a map as ${this.name}`);
    withFdAt(map, mapOpening, fd => this.#reuse(fd, operation));
    return this;
  }

  #reuse(fd: number, operation: string): void {
    const differences = runSync(this.#differences(fd, operation));
    if (differences.length > 0) throw unfitMap(operation, differences);
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
  pinTo(path: string, options: { readonly unlike?: 'error' | 'replace' } = {}): this {
    const operation = this.#state.use(`pin map ${this.name} to ${path}`);
    const [result] = runSync(job('mapOpenPinned', path, 0));
    if (!failed(result)) this.#settle(result, path, operation, options.unlike ?? 'error');
    else if (errnoName(result) !== 'ENOENT') throw pinError(result, operation, path);
    check(native().mapSetPinPath(this.#handle, path), operation);
    return this;
  }

  #settle(there: MapHandle, path: string, operation: string, policy: 'error' | 'replace'): void {
    const differences = unlike(infoOf(there), propertiesOf(this.#handle));
    runSync(job('mapClose', there));
    if (differences.length === 0) return;
    if (policy === 'error') throw unfitMap(operation, differences);
    unlinkSync(path);
  }

  *#differences(fd: number, operation: string) {
    const [handle] = yield* job('mapOpenFd', fd);
    const opened = check(handle, operation) as MapHandle;
    const differences = unlike(infoOf(opened), propertiesOf(this.#handle));
    yield* job('mapClose', opened);
    return differences;
  }

  #read(what: string, status: Status): number {
    return check(status, this.#state.use(`${what} of map ${this.name}`));
  }

  #set(what: string, value: unknown, status: Status): void {
    check(status, this.#state.use(`set ${what} map ${this.name} to ${String(value)}`));
  }

  #unlikeKind(operation: string, kind: string): BpfError {
    const reason = `a map of kind ${this.kind} is used in another way than one of kind ${kind}`;
    return argumentError(operation, reason);
  }
}

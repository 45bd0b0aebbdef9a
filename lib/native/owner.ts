/** What an object shares with its programs, maps and links: its turn-taking, its phase, its children. */
import type { Insn } from '../asm/index.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Verification } from '../verifier/index.js';
import { type Flow, Queue } from './flow.js';
import type { MapHandle } from './native.js';

/** A child that must end before its object does, as a ring buffer's reader. */
export interface Child {
  readonly closed: boolean;
  closeSync(): void;
}

/** What `setAttachTarget()` named before load. */
export interface AttachTarget {
  readonly name: string;
  /** The id of the program that the function is of; undefined for functions of the kernel. */
  readonly programId?: number | undefined;
}

/** Instructions, or what makes them of those that are about to be loaded. */
export type NewInsns = readonly Insn[] | ((relocated: Insn[]) => readonly Insn[]);

/** Shared by everything that belongs to one bpf_object. */
export class ObjectState {
  readonly name: string;
  readonly queue = new Queue();
  /** Maps by name: those that go together find each other, as a ring buffer and its counts. */
  maps: ReadonlyMap<string, MapHandle> = new Map();
  /** The object that this belongs to, until it is collected. */
  owner: WeakRef<object> | undefined;
  /** The object file; undefined where there is none, as of a map that was opened alone. */
  bytes: (() => Uint8Array) | undefined;
  readonly #children = new Set<Child>();
  /** The verifier's logs of programs that asked for it, by name. */
  verifications: ReadonlyMap<string, Verification> = new Map();
  /** What programs were attached by their section alone, by name. */
  readonly attachedBySection = new Map<string, Pick<Child, 'closed'>>();
  /** Programs that were left out, by name, and why. */
  readonly leftOut = new Map<string, string>();
  /** What programs attach to, by name, where it is not what their sections say. */
  readonly targets = new Map<string, AttachTarget>();
  /** Instructions that are loaded instead of the file's, by program. */
  readonly insns = new Map<string, NewInsns>();
  /** Maps that one program alone may have. */
  readonly exclusiveMaps = new Set<string>();
  /** libbpf's log of the load. */
  log = '';
  /** True from the moment that `load()` begins, also where it fails. */
  loadBegun = false;
  #closed = false;
  #links = 0;
  #pins = 0;

  constructor(name: string) {
    this.name = name;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** True while programs of the object are attached. */
  get attached(): boolean {
    return this.#links > 0;
  }

  /** True while a link of the object is pinned. */
  get pinned(): boolean {
    return this.#pins > 0;
  }

  /** Counts a link that was pinned, or unpinned. */
  countPin(change: 1 | -1): void {
    this.#pins += change;
  }

  /** Counts a link that came, or one that went. */
  countLink(change: 1 | -1): void {
    this.#links += change;
  }

  /** Ends the child before its object. */
  adopt(child: Child): void {
    for (const other of this.#children) if (other.closed) this.#children.delete(other);
    this.#children.add(child);
  }

  /** Ends the children; from now on every use throws. */
  close(): void {
    this.#closed = true;
    for (const child of this.#children) child.closeSync();
    this.#children.clear();
  }

  /**
   * Passes the operation's name on while the object is open.
   *
   * @throws BpfError `ERR_BPF_CLOSED` after close.
   */
  use(operation: string): string {
    if (this.#closed) throw this.closedError(operation);
    return operation;
  }

  /**
   * Passes the operation's name on while the object is open and not loaded.
   *
   * @throws BpfError `ERR_BPF_CLOSED` after close, `ERR_BPF_PHASE` once `load()` has begun.
   */
  change(operation: string): string {
    this.use(operation);
    if (!this.loadBegun) return operation;
    const reason = `object ${this.name} is loaded, or its load failed`;
    const hint = 'what is opened can be changed until load(): open it again';
    throw new BpfError({ code: 'ERR_BPF_PHASE', operation, reason, hint });
  }

  /**
   * Runs a flow while the object is open. When the object was closed meanwhile, that is the reason of a failure, and
   * not the errno of a closed descriptor.
   */
  *during<T>(operation: string, flow: () => Flow<T>): Flow<T> {
    this.use(operation);
    try {
      return yield* flow();
    } catch (error) {
      throw this.#closed ? this.closedError(operation, error) : error;
    }
  }

  /** That the object is closed. */
  closedError(operation: string, cause?: unknown): BpfError {
    const reason = `object ${this.name} is closed`;
    const hint = 'open it again; close() is final';
    return new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason, hint, cause });
  }
}

/** struct_ops maps: a kernel interface whose functions are BPF programs, as a TCP congestion control. */
import type { Codec } from '../codec/codec.js';
import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { privilegeHint } from '../host/obstacles.js';
import { linkAbilities } from '../kinds/link-abilities.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { Link } from '../link/link.js';
import type { ProgramLike } from '../link/update.js';
import { type Circumstances, errnoError, errnoName, failed } from '../native/errno.js';
import { type Flow, job, runSync } from '../native/flow.js';
import { tooOld } from '../native/kernel-support.js';
import { type MapHandle, native, type Status } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { MapBase } from './map-state.js';
import { rivalOf, textsOf } from './struct-ops-rival.js';

/**
 * A table of `SEC(".struct_ops")` or `SEC(".struct_ops.link")`; attached, its interface offers it under its own name,
 * as tcp_register_congestion_control() in net/ipv4/tcp_cong.c does.
 *
 * @since Linux 5.6 (bpf_struct_ops_map_update_elem() in kernel/bpf/bpf_struct_ops.c); `.struct_ops.link` 6.4
 * (bpf_struct_ops_link_create() there)
 * @example
 * ```ts
 * const link = await bpf.maps.reno.attach();
 * ```
 */
export class StructOpsMap<Kind extends MapKindName = 'struct_ops'> extends MapBase<Kind> {
  readonly #value: Codec<unknown> | undefined;

  /** @internal `value`: the table. */
  constructor(handle: MapHandle, state: ObjectState, name: string, kind: Kind, value?: Codec<unknown>) {
    super(handle, state, name, kind);
    this.#value = value;
  }

  /**
   * Attaches, off the main thread. Without `.link` in its section there is no `bpf_link` of it: it lasts until
   * `close()`, or as long as the map.
   *
   * @throws BpfError `EEXIST` where the name is taken, and by which other table where it is one; `EINVAL` where
   * functions are missing that its interface needs, as tcp_validate_congestion_control() in net/ipv4/tcp_cong.c does.
   */
  attach(): Promise<Link> {
    return this.state.queue.run(() => this.attachFlow());
  }

  /** {@link attach} on this thread. */
  attachSync(): Link {
    return runSync(this.attachFlow());
  }

  /** @internal Whether attaching its whole object attaches it; false where it was not made. */
  get autoattach(): boolean {
    return native().mapFd(this.handle) >= 0 && native().mapAutoattach(this.handle) === 1;
  }

  /** @internal True while a link lives that `attach()` has made. */
  get isAttached(): boolean {
    return this.state.attachedBySection.get(this.name)?.closed === false;
  }

  /** @internal bpf_link__update_map() in libbpf.c takes only a map of an object. */
  get structOpsHandle(): MapHandle {
    const operation = this.state.use(`use struct_ops ${this.name}`);
    if (this.state.bytes !== undefined) return this.handle;
    const reason = 'it was opened without its object';
    throw argumentError(operation, reason, 'load the object that has it');
  }

  /** @internal {@link attach} as a flow. */
  *attachFlow(): Flow<Link> {
    this.state.use(`attach ${this.name}`);
    const [result, log] = yield* job('mapAttachStructOps', this.structOpsHandle);
    if (failed(result)) throw yield* this.#refusal(result, log);
    const link = new Link([result], this.state, this.name);
    this.state.attachedBySection.set(this.name, link);
    return link;
  }

  /** @internal A program, and this table, which what it calls is to work for. */
  *associate({ nativeHandle, name, section }: ProgramLike): Flow<void> {
    const operation = `associate ${name} with struct_ops ${this.name}`;
    const [status, log] = yield* job('programAssocStructOps', nativeHandle, this.fd);
    if (failed(status)) throw errnoError(status, operation, { log, ...misfit(errnoName(status), section) });
  }

  *#refusal(status: Status, log: string): Flow<BpfError> {
    const known = { log, ...(yield* this.#circumstances(errnoName(status))) };
    return errnoError(status, `attach struct_ops ${this.name}`, known);
  }

  *#circumstances(code: string): Flow<Circumstances | undefined> {
    if (code === 'EPERM') return { hint: privilegeHint('SEC("struct_ops")', ['CAP_BPF', 'CAP_PERFMON']) };
    if (code === 'EBUSY') return yield* rivalOf(this.handle, []);
    if (code !== 'EEXIST') return undefined;
    const rival = yield* rivalOf(this.handle, this.#texts());
    const reason = 'the kernel has one of that name already';
    return { reason, ...rival, hint: 'the name is in the table, not its variable' };
  }

  #texts(): string[] {
    const bytes = this.state.bytes?.();
    return bytes && this.#value ? textsOf(bytes, this.name, this.#value) : [];
  }
}

function misfit(code: string, section: string): Circumstances | undefined {
  if (code === 'EBUSY') return { reason: 'it is associated with another one, for good' };
  if (code !== 'EINVAL') return undefined;
  const old = tooOld(linkAbilities.assocStructOps, 'a program that is associated with a table of struct_ops');
  if (old !== undefined || !/^struct_ops(\.s)?(\/|$)/.test(section)) return old;
  return { reason: 'a program of struct_ops has a table by itself' };
}

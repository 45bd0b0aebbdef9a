/** struct_ops maps: a kernel interface whose functions are BPF programs, as a TCP congestion control. */

import { errnoError, errnoName } from '../errno.js';
import type { BpfError } from '../errors.js';
import { privilegeHint } from '../explain.js';
import { type Flow, job, runSync } from '../flow.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { Link } from '../link.js';
import type { MapHandle, Status } from '../native.js';
import { MapBase } from './map-state.js';

/**
 * A table of `SEC(".struct_ops")` or `SEC(".struct_ops.link")`; attached, the kernel offers it under its own name.
 *
 * @since Linux 5.6; `.struct_ops.link` 6.4
 * @example
 * ```ts
 * const link = await bpf.maps.reno.attach();
 * ```
 */
export class StructOpsMap<Kind extends MapKindName = 'struct_ops'> extends MapBase<Kind> {
  /**
   * Attaches, off the main thread. Without `.link` in its section the kernel keeps no link of it: it lasts until
   * `close()`, or as long as the map.
   *
   * @throws BpfError `EEXIST` where the name is taken, `EINVAL` where the kernel wants functions that are missing.
   */
  attach(): Promise<Link> {
    return this.state.queue.run(() => this.attachFlow());
  }

  /** {@link attach} on this thread. */
  attachSync(): Link {
    return runSync(this.attachFlow());
  }

  /** @internal */
  get structOpsHandle(): MapHandle {
    this.state.use(`use ${this.name}`);
    return this.handle;
  }

  /** @internal {@link attach} as a flow. */
  *attachFlow(): Flow<Link> {
    this.state.use(`attach ${this.name}`);
    const [result, log] = yield* job('mapAttachStructOps', this.handle);
    if (typeof result === 'number') throw this.#refusal(result, log);
    return new Link([result], this.state, this.name);
  }

  #refusal(status: Status, log: string): BpfError {
    const operation = `attach struct_ops ${this.name}`;
    const code = errnoName(status);
    if (code === 'EEXIST') {
      const reason = 'the kernel has one of that name already';
      return errnoError(status, operation, {
        log,
        reason,
        hint: 'the name is in the table, not its variable',
      });
    }
    return errnoError(status, operation, {
      log,
      ...(code === 'EPERM' && { hint: privilegeHint('struct_ops') }),
    });
  }
}

/** Network interfaces, by name or index, here or in another network namespace. */
import type { Flow } from '../native/flow.js';
import { findInterface } from '../native/interfaces.js';
import type { ErrorContext } from './attach-kind.js';
import { inNetns, type Netns } from './network-namespace.js';
import { requireOption } from './options-check.js';

/** What every program of an interface has to be told. */
export interface InterfaceOptions {
  /** Its name, as `eth0`, or its index. */
  readonly interface: string | number;
  /**
   * Where the interface is; our own network namespace by default. Others take CAP_SYS_ADMIN (netns_install() in
   * net/core/net_namespace.c).
   */
  readonly netns?: Netns;
}

/** An interface that is there. */
export interface Place {
  /** A descriptor, -1 for our own. */
  readonly netns: number;
  readonly index: number;
  /** For messages, as `interface eth0`. */
  readonly where: string;
}

/**
 * Looks an interface up, and does something there.
 *
 * @throws BpfError `ENODEV` for an unknown one, as if_nametoindex(3) says; its message lists the known ones.
 */
export function* atInterface<T>(
  context: ErrorContext,
  options: Partial<InterfaceOptions>,
  use: (place: Place) => Flow<T>,
): Flow<T> {
  const wantedName = requireOption(context, 'interface', options.interface, 'which interface');
  return yield* inNetns(context, options.netns, function* (netns) {
    const place = options.netns === undefined ? 'here' : `in network namespace ${options.netns}`;
    const found = yield* findInterface(netns, wantedName, context.operation, place);
    return yield* use({ netns, index: found.index, where: `interface ${found.name}` });
  });
}

/** Network interfaces, by name or index, here or in another network namespace. */
import { errnoError } from '../errno.js';
import { BpfError } from '../errors.js';
import { type Flow, job } from '../flow.js';
import { inNetns, type Netns, ownNetns } from './netns.js';
import type { Subject } from './site.js';
import { wanted } from './wanted.js';

/** What every program of an interface has to be told. */
export interface InterfaceOptions {
  /** Its name, as `eth0`, or its index. */
  readonly interface: string | number;
  /** Where the interface is; our own network namespace by default. Others take CAP_SYS_ADMIN. */
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
 * @throws BpfError `ENODEV` for an unknown one; it lists the known ones.
 */
export function* atInterface<T>(
  site: Subject,
  options: Partial<InterfaceOptions>,
  use: (place: Place) => Flow<T>,
): Flow<T> {
  const wantedName = wanted(site, 'interface', options.interface, 'which interface');
  return yield* inNetns(site, options.netns, function* (netns) {
    const known = yield* interfaces(site, netns);
    const found = known.find(({ name, index }) => wantedName === name || wantedName === index);
    if (found === undefined) throw unknown(site, wantedName, known, options.netns);
    return yield* use({ netns, index: found.index, where: `interface ${found.name}` });
  });
}

interface Known {
  readonly index: number;
  readonly name: string;
}

/** Lines of an index and a name. */
function* interfaces(site: Subject, netns: number): Flow<Known[]> {
  const [answer] = yield* job('ifNameIndex', netns);
  if (typeof answer === 'number') {
    const hint = netns === ownNetns ? undefined : 'another network namespace takes CAP_SYS_ADMIN';
    throw errnoError(answer, `${site.operation}: list the interfaces`, { hint });
  }
  const lines = answer.split('\n');
  return lines.filter(Boolean).map(line => {
    const space = line.indexOf(' ');
    return { index: Number(line.slice(0, space)), name: line.slice(space + 1) };
  });
}

function unknown(site: Subject, name: string | number, known: readonly Known[], netns?: Netns): BpfError {
  const named = typeof name === 'number' ? `with index ${name}` : name;
  const place = netns === undefined ? 'here' : `in network namespace ${netns}`;
  return new BpfError({
    code: 'ENODEV',
    operation: site.operation,
    reason: `there is no interface ${named} ${place}; there are ${known.map(each => each.name).join(', ')}`,
  });
}

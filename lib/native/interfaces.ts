/**
 * The interfaces of a network namespace, listed by netlink: /sys/class/net has those of the namespace that mounted it
 * (network_namespaces(7)).
 */
import { BpfError } from '../errors/bpf-error.js';
import { errnoError, failed } from './errno.js';
import { type Flow, job } from './flow.js';

/** Stands for the namespace that we are in. */
export const ownNetns = -1;

/** An interface that is there. */
export interface KnownInterface {
  readonly index: number;
  readonly name: string;
}

/**
 * Those of a namespace.
 *
 * @param netns - a descriptor, or {@link ownNetns}
 */
export function* interfacesOf(netns: number, operation: string): Flow<KnownInterface[]> {
  const [answer] = yield* job('ifNameIndex', netns);
  if (failed(answer)) {
    const hint = netns === ownNetns ? undefined : 'another network namespace takes CAP_SYS_ADMIN';
    throw errnoError(answer, `${operation}: list the interfaces`, { hint });
  }
  // Lines of an index and a name.
  const lines = answer.split('\n').filter(Boolean);
  return lines.map(line => {
    const space = line.indexOf(' ');
    return { index: Number(line.slice(0, space)), name: line.slice(space + 1) };
  });
}

/**
 * Looks one up by its name or index.
 *
 * @param place - for the error, as `here`
 * @throws BpfError `ENODEV` for an unknown one; its message lists the known ones.
 */
export function* findInterface(
  netns: number,
  wanted: string | number,
  operation: string,
  place = 'here',
): Flow<KnownInterface> {
  const known = yield* interfacesOf(netns, operation);
  const found = known.find(({ name, index }) => wanted === name || wanted === index);
  if (found !== undefined) return found;
  const named = typeof wanted === 'number' ? `with index ${wanted}` : wanted;
  const reason = `there is no interface ${named} ${place}; there are ${known.map(each => each.name).join(', ')}`;
  throw new BpfError({ code: 'ENODEV', operation, reason });
}

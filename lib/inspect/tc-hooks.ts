/** Filters of tc: in both directions of clsact, and on other queueing disciplines and their classes. */
import type { ErrorContext } from '../attach/attach-kind.js';
import { tcDump, tcHook } from '../attach/hook-query.js';
import type { Netns } from '../attach/network-namespace.js';
import { type TcMessage, tcMessages } from '../attach/tc-message.js';
import type { Flow } from '../native/flow.js';
import type { KnownInterface } from '../native/interfaces.js';
import { kept, type OccupiedHook } from './occupied.js';

const subject: ErrorContext = { operation: 'list the filters of tc', section: 'tc' };

/** Of all interfaces of a namespace. @param fd - of the namespace. @param elsewhere - how a place names it */
export function* tcHooks(
  fd: number,
  interfaces: readonly KnownInterface[],
  elsewhere: { readonly netns?: Netns },
): Flow<OccupiedHook[]> {
  const disciplines = [...tcMessages(yield* tcDump(subject, fd, 'disciplines'))];
  const found: OccupiedHook[] = [];
  for (const { index, name } of interfaces) {
    const here = disciplines.filter(discipline => discipline.index === index);
    for (const [where, parent] of yield* parentsOf(fd, index, here)) {
      const place = { interface: name, ...where, ...elsewhere };
      found.push(...(yield* kept('tc', place, tcHook(subject, fd, index, parent))));
    }
  }
  return found;
}

type Parent = readonly [where: { direction: 'ingress' | 'egress' } | { parent: string }, number: number];

const ingress: Parent = [{ direction: 'ingress' }, 0xfffffff2];
const egress: Parent = [{ direction: 'egress' }, 0xfffffff3];

/** What filters of an interface can be on; disciplines without a number have none. */
function* parentsOf(fd: number, index: number, disciplines: readonly TcMessage[]): Flow<Parent[]> {
  const parents: Parent[] = [];
  for (const { kind, handle } of disciplines) {
    if (kind === 'clsact') parents.push(ingress, egress);
    else if (kind === 'ingress') parents.push(ingress);
    else if (handle !== 0) {
      const classes = [...tcMessages(yield* tcDump(subject, fd, 'classes', index, handle))];
      for (const number of [handle, ...classes.map(each => each.handle)])
        parents.push([{ parent: textOf(number) }, number]);
    }
  }
  return parents;
}

/** As tc writes it: `1:`, `1:a`. */
function textOf(number: number): string {
  const minor = number & 0xffff;
  return `${(number >>> 16).toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
}

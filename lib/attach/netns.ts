/** Network namespaces: programs that belong to one, and interfaces that are in one. */
import { statfsSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';
import { type Flow, job } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import { opened } from './file.js';
import { occupantsOf } from './occupant.js';
import { type Linked, settled } from './refusal.js';
import type { Attacher, Site, Subject } from './site.js';

/** A network namespace: a file, as `/run/netns/blue`, or the id of a process that is in it. */
export type Netns = string | number;

/** For programs of a whole network namespace: sk_lookup and flow_dissector. */
export interface NetnsOptions {
  /** Our own by default. */
  readonly netns?: Netns;
}

/** `NSFS_MAGIC`. */
const namespaceFiles = 0x6e736673;

/**
 * Opens a network namespace for the length of a flow; {@link ownNetns} where none is named.
 *
 * @throws BpfError where the file cannot be opened, or is no namespace.
 */
export function* inNetns<T>(site: Subject, netns: Netns | undefined, use: (fd: number) => Flow<T>): Flow<T> {
  if (netns === undefined) return yield* use(ownNetns);
  const path = pathOf(netns);
  const { operation } = site;
  const what = 'a network namespace: a file as /run/netns/NAME, or the id of a process';
  return yield* opened(path, { operation, what }, function* (fd) {
    if (statfsSync(path).type === namespaceFiles) return yield* use(fd);
    throw new BpfError({
      code: 'EINVAL',
      operation,
      reason: `${path} is no namespace`,
      hint: `give ${what}`,
    });
  });
}

function pathOf(netns: Netns): string {
  return typeof netns === 'number' ? `/proc/${netns}/ns/net` : netns;
}

/** sk_lookup and flow_dissector. */
export const attachNetns: Attacher<NetnsOptions> = function* (site, { netns }) {
  return yield* inNetns(site, netns ?? '/proc/self/ns/net', fd => attachTo(site, fd));
};

function* attachTo(site: Site, fd: number): Flow<Linked> {
  const outcome = yield* job('programAttachNetns', site.program, fd);
  const occupied = () => occupantsOf(site, fd, 'a network namespace takes one flow_dissector, 64 sk_lookup');
  return yield* settled(site, 'the network namespace', outcome, {
    EBUSY: occupied,
    EEXIST: occupied,
    E2BIG: occupied,
  });
}

/** Programs of one socket, or of a group that shares a port: socket filters and sk_reuseport. */
import { type Flow, job } from '../native/flow.js';
import { type SocketLike, socketDescriptor } from '../native/socket-descriptor.js';
import { type Linked, meaning, settled } from './refusal.js';
import type { Attacher, Site } from './site.js';
import { wanted } from './wanted.js';

/** One socket. The program stays with it, also when this process ends and others have the socket open. */
export interface SocketOptions {
  readonly socket: SocketLike;
  /**
   * Do not filter: choose a socket of the group that shares the port, by index. For every packet or connection.
   *
   * @since Linux 4.5
   */
  readonly reuseport?: boolean;
}

/** One group of sockets that share a port by `SO_REUSEPORT`: any of them. */
export interface SkReuseportOptions {
  readonly socket: SocketLike;
}

/** socket. */
export const attachSocket: Attacher<Partial<SocketOptions>> = (site, { socket, reuseport = false }) =>
  attachTo(site, socket, reuseport);

/** sk_reuseport and sk_reuseport/migrate. */
export const attachSkReuseport: Attacher<Partial<SkReuseportOptions>> = (site, { socket }) =>
  attachTo(site, socket, true);

function* attachTo(site: Site, given: SocketLike | undefined, reuseport: boolean): Flow<Linked> {
  const fd = socketDescriptor(wanted(site, 'socket', given, 'which socket'), site.operation);
  const outcome = yield* job('programAttachSocket', site.program, fd, reuseport);
  const where = reuseport ? 'the port of the socket' : 'the socket';
  return yield* settled(site, where, outcome, {
    ENOTSOCK: meaning(`descriptor ${fd} is no socket`),
    EBADF: meaning(`there is no descriptor ${fd}`),
    EPERM: meaning('its filter is locked by SO_LOCK_FILTER'),
    ...(reuseport && { EINVAL: meaning('the socket shares no port', 'set SO_REUSEPORT before it is bound') }),
  });
}

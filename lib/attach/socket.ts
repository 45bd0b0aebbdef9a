/** Programs of one socket: socket filters. */
import * as sections from '../kinds/section-kinds.js';
import { type Flow, job } from '../native/flow.js';
import { type SocketLike, socketDescriptor } from '../native/socket-descriptor.js';
import {
  type Attacher,
  type AttachKind,
  type AttachRequest,
  capabilities,
  type Outcomes,
} from './attach-kind.js';
import { requireOption } from './options-check.js';
import { explanation, linkOrThrow } from './result.js';

/**
 * One socket. The program stays with it, also when this process ends and others have the socket open.
 *
 * @since Linux 3.19 (sk_attach_bpf() in net/core/filter.c)
 */
export interface SocketOptions {
  readonly socket: SocketLike;
  /**
   * Do not filter: choose a socket of the group that shares the port, by index. For every packet or connection.
   *
   * @since Linux 4.5 (`SO_ATTACH_REUSEPORT_EBPF`, socket(7))
   */
  readonly reuseport?: boolean;
}

const attachSocket: Attacher<SocketOptions> = (request, { socket, reuseport = false }) =>
  attachToSocket(request, socket, reuseport);

/** Attaches to one socket, or to all that share its port. */
export function* attachToSocket(
  request: AttachRequest,
  given: SocketLike | undefined,
  reuseport: boolean,
): Flow<Outcomes> {
  const fd = socketDescriptor(requireOption(request, 'socket', given, 'which socket'), request.operation);
  const outcome = yield* job('programAttachSocket', request.program, fd, reuseport);
  const where = reuseport ? 'the port of the socket' : 'the socket';
  return yield* linkOrThrow(request, where, outcome, {
    ENOTSOCK: explanation(`descriptor ${fd} is no socket`),
    EBADF: explanation(`there is no descriptor ${fd}`),
    EPERM: explanation('its filter is locked by SO_LOCK_FILTER'),
    ...(reuseport && {
      EINVAL: explanation('the socket shares no port', 'set SO_REUSEPORT before it is bound'),
    }),
  });
}

export const socket = {
  sections: sections.socket,
  since: '3.19',
  abilities: { reuseport: '4.5' },
  config: ['NET'],
  capabilities: capabilities.alone,
  needs: ['socket'],
  takes: ['socket', 'reuseport'],
  attach: attachSocket,
} as const satisfies AttachKind;

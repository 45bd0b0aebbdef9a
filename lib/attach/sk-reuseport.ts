/** Which socket of a group that shares a port is given a packet or connection: sk_reuseport. */
import * as sections from '../kinds/section-kinds.js';
import type { SocketLike } from '../native/socket-descriptor.js';
import { type Attacher, type AttachKind, capabilities } from './attach-kind.js';
import { attachToSocket } from './socket.js';

/**
 * One group of sockets that share a port by `SO_REUSEPORT`: any of them.
 *
 * @since Linux 4.19 (sk_reuseport_attach_bpf() in net/core/filter.c)
 */
export interface SkReuseportOptions {
  readonly socket: SocketLike;
}

const attachSkReuseport: Attacher<SkReuseportOptions> = (request, { socket }) =>
  attachToSocket(request, socket, true);

export const sk_reuseport = {
  sections: sections.sk_reuseport,
  since: '4.19',
  later: { 'sk_reuseport/migrate': '5.14' },
  config: ['INET'],
  capabilities: capabilities.alone,
  needs: ['socket'],
  takes: ['socket'],
  attach: attachSkReuseport,
} as const satisfies AttachKind;

/** The descriptor behind a socket of Node's. */
import type { Socket as Datagram } from 'node:dgram';
import type { Server, Socket as Stream } from 'node:net';
import { argumentError } from '../errors/arguments.js';
import { descriptorOf, type WithDescriptor } from './descriptor.js';

/** A socket of Node's that has been bound or connected, or any by its descriptor: `{ fd }`. */
export type SocketLike = Server | Stream | Datagram | WithDescriptor;

/**
 * The descriptor of a socket.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where it has none yet, or any more.
 */
export function socketDescriptor(socket: SocketLike, operation: string): number {
  const fd = (handleOf(socket) ?? (socket as Partial<WithDescriptor> | undefined))?.fd;
  if (fd !== undefined && Number.isInteger(fd) && fd >= 0) return fd;
  if (typeof socket !== 'object') return descriptorOf(socket, operation);
  const reason = 'that socket has no descriptor: it is not open';
  const hint = "wait for 'listening' or 'connect'";
  throw argumentError(operation, reason, hint);
}

interface Handle {
  readonly fd?: number;
}

/** Node keeps descriptors to itself: datagrams behind a symbol, for their `_handle` warns; streams in `_handle`. */
function handleOf(socket: object): Handle | undefined {
  if (typeof socket !== 'object' || socket === null) return undefined;
  const symbol = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  );
  const parts = socket as Record<symbol, { handle?: Handle } | undefined> & { _handle?: Handle | null };
  return (symbol === undefined ? parts._handle : parts[symbol]?.handle) ?? undefined;
}

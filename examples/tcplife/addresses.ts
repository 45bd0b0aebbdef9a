/** Addresses and ports of sockets: the options, rows and columns of tools of connections. */
import { decode, ipv4, ipv6 } from 'libbpf-ts/codec';

/** AF_INET in <sys/socket.h>. */
const inet = 2;

/** An address as `ss` writes it. */
export function addressText(family: number, bytes: Uint8Array): string {
  return family === inet ? decode(ipv4, bytes.subarray(0, 4)) : decode(ipv6, bytes);
}

/** The options that choose connections. */
export const portOptions = {
  'local-port': { type: 'string', short: 'L', value: 'PORT', help: 'only this port on this side' },
  'remote-port': { type: 'string', short: 'D', value: 'PORT', help: 'only this port on the other side' },
} as const;

/** The constants that they are. */
export function portConstants(options: { readonly [Name in keyof typeof portOptions]?: string | undefined }) {
  return {
    only_local_port: portOf('local-port', options['local-port']),
    only_remote_port: portOf('remote-port', options['remote-port']),
  };
}

/** The two ends of a connection, as programs have them. */
export interface Ends {
  readonly family: number;
  readonly local: Uint8Array;
  readonly local_port: number;
  readonly remote: Uint8Array;
  readonly remote_port: number;
}

/** The two ends in a row. */
export function endsOf({ family, local, local_port, remote, remote_port }: Ends) {
  return {
    local: addressText(family, local),
    localPort: local_port,
    remote: addressText(family, remote),
    remotePort: remote_port,
  };
}

const port = { width: 5, right: true };

/** Their columns. */
export const endsColumns = [
  { name: 'local', width: 15 },
  { name: 'localPort', title: 'LPORT', ...port },
  { name: 'remote', width: 15 },
  { name: 'remotePort', title: 'RPORT', ...port },
] as const;

/** A port that was typed; 0 where none was. */
function portOf(option: string, text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65536) return port;
  throw new TypeError(`--${option} takes a port, not ${text}`);
}

/** Addresses and ports of sockets. */
import { decode, ipv4, ipv6 } from 'libbpf-ts/codec';

/** AF_INET in <sys/socket.h>. */
const inet = 2;

/** An address as `ss` writes it. */
export function addressText(family: number, bytes: Uint8Array): string {
  return family === inet ? decode(ipv4, bytes.subarray(0, 4)) : decode(ipv6, bytes);
}

/** A port that was typed; 0 where none was. */
export function portOf(option: string, text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65536) return port;
  throw new TypeError(`--${option} takes a port, not ${text}`);
}

/** Addresses of IPv4 and IPv6 as bytes (inet_pton(3)). */

/** @param text - one that `isIP()` of node:net takes */
export function parseAddress(text: string): Uint8Array {
  return text.includes(':') ? parseIpv6(text) : Uint8Array.from(text.split('.'), Number);
}

function parseIpv6(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const [before, behind] = [bytesOf(head), tail === undefined ? [] : bytesOf(tail)];
  return Uint8Array.from([...before, ...Array(16 - before.length - behind.length).fill(0), ...behind]);
}

/** Words of 16 bits, the last of which may be an address of IPv4. */
function bytesOf(text: string): number[] {
  if (text === '') return [];
  return text
    .split(':')
    .flatMap(part =>
      part.includes('.')
        ? part.split('.').map(Number)
        : [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff],
    );
}

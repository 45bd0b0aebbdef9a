/** The byte order of this machine, in which the kernel keeps what it hands over. */

/** True on little-endian machines. */
export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

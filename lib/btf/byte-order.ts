/** The byte order of this machine, which structs of the kernel have. */

/** True on little-endian machines. */
export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

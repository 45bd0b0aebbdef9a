// A cpio archive in the "newc" format, which kernels unpack into their first root file system.

/** @typedef {{ path: string, mode?: number, bytes?: Uint8Array | string }} Entry a folder has no bytes */

const folder = 0o040755;
const file = 0o100644;

/**
 * @param {readonly Entry[]} entries folders before what is in them
 * @returns {Buffer}
 */
export function archiveOf(entries) {
  const end = { path: 'TRAILER!!!', mode: 0 };
  return Buffer.concat([...entries, end].flatMap((entry, index) => record(entry, index + 1)));
}

/** An executable file's mode. */
export const executable = 0o100755;

/**
 * @param {Entry} entry
 * @param {number} inode
 */
function record({ path, bytes, mode = bytes === undefined ? folder : file }, inode) {
  const content = Buffer.from(bytes ?? '');
  const name = Buffer.from(`${path}\0`);
  const numbers = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${numbers.map(number => number.toString(16).padStart(8, '0')).join('')}`;
  return [padded(Buffer.concat([Buffer.from(header), name])), padded(content)];
}

/** @param {Buffer} bytes */
function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

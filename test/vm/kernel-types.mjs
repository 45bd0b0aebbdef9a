// The BTF of a kernel that may be booted, taken out of its image and kept in the cache.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './paths.mjs';

/** @typedef {import('./kernel-image.mjs').KernelImage} KernelImage */

/** How a payload starts, and what unpacks it. The kernel's length follows the data, which some tools complain about. */
const packers = [
  { start: [0x28, 0xb5, 0x2f, 0xfd], command: ['zstd', '-dcq'] },
  { start: [0x02, 0x21, 0x4c, 0x18], command: ['lz4', '-dcq'] },
  { start: [0xfd, 0x37, 0x7a, 0x58, 0x5a], command: ['xz', '-dcq'] },
  { start: [0x1f, 0x8b], command: ['gzip', '-dcq'] },
];

/**
 * The path of a kernel's raw BTF.
 *
 * @param {KernelImage} image
 */
export function kernelBtf(image) {
  const path = join(cache, 'btf', image.release);
  if (existsSync(path)) return path;
  const types = typesIn[image.kernel.architecture](readFileSync(image.vmlinuz));
  mkdirSync(join(cache, 'btf'), { recursive: true });
  writeFileSync(path, types);
  return path;
}

/** @type {Record<import('./kernels.mjs').Kernel['architecture'], (image: Buffer) => Buffer>} */
const typesIn = {
  amd64: image => sectionOf(unpack(payloadOf(image)), '.BTF'),
  arm64: image => blobIn(image),
};

/** Magic, version, no flags, and the length of this header: how BTF starts. */
const header = Buffer.of(0x9f, 0xeb, 1, 0, 24, 0, 0, 0);

/**
 * An arm64 image is neither packed nor an ELF file: the kernel's BTF is the big one among what looks like some.
 *
 * @param {Buffer} image
 */
function blobIn(image) {
  for (let at = image.indexOf(header); at >= 0; at = image.indexOf(header, at + 1)) {
    const [types = 0, typesLength = 0, strings = 0, stringsLength = 0] = [8, 12, 16, 20].map(field =>
      image.readUInt32LE(at + field),
    );
    if (types === 0 && strings === typesLength && typesLength > 1e6)
      return image.subarray(at, at + header.length + 16 + strings + stringsLength);
  }
  throw new Error('an image without BTF');
}

/**
 * The x86 boot header says where the compressed kernel is: `setup_sects`, `payload_offset`, `payload_length`.
 *
 * @param {Buffer} image
 */
function payloadOf(image) {
  const start = ((image[0x1f1] ?? 0) + 1) * 512 + image.readUInt32LE(0x248);
  return image.subarray(start, start + image.readUInt32LE(0x24c));
}

/** @param {Buffer} payload */
function unpack(payload) {
  const packer = packers.find(({ start }) => start.every((byte, i) => payload[i] === byte));
  if (packer === undefined)
    throw new Error(`a kernel packed by no known program: ${payload.toString('hex', 0, 8)}`);
  const [program = '', ...options] = packer.command;
  const { stdout, error } = spawnSync(program, options, { input: payload, maxBuffer: 1 << 28 });
  if (error) throw error;
  return stdout;
}

/**
 * @param {Buffer} elf
 * @param {string} wanted
 */
function sectionOf(elf, wanted) {
  const table = Number(elf.readBigUInt64LE(40));
  const headers = Array.from({ length: elf.readUInt16LE(60) }, (_, i) => table + i * elf.readUInt16LE(58));
  const range = (/** @type {number} */ at) => [24, 32].map(field => Number(elf.readBigUInt64LE(at + field)));
  const [names = 0] = range(headers[elf.readUInt16LE(62)] ?? 0);
  const header = headers.find(at => {
    const name = names + elf.readUInt32LE(at);
    return elf.toString('latin1', name, elf.indexOf(0, name)) === wanted;
  });
  if (header === undefined) throw new Error(`a kernel without a section ${wanted}`);
  const [offset = 0, size = 0] = range(header);
  return elf.subarray(offset, offset + size);
}

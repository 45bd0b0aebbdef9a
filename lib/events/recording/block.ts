/** The form of a recording: a signature, then blocks with length and checksum. All numbers are little-endian. */
import { crc32 } from 'node:zlib';

/** Like PNG's: a transfer as text or with 7 bits damages it. */
export const signature = Buffer.from('\x89BPF\r\n\x1a\n', 'latin1');
/** Of this form; a file of another is refused. */
export const formVersion = 1;

/** The header comes first, then records, and the end where the recording was closed. */
export const blockKinds = { header: 1, records: 2, end: 3 } as const;

/** In front of each block: kind, records in it, bytes, checksum. */
export const blockHeaderBytes = 16;

/** A block's first bytes, read. */
export interface BlockHeader {
  readonly kind: number;
  readonly records: number;
  readonly bytes: number;
}

/** One block, as it is in the file. */
export function encodeBlock(kind: keyof typeof blockKinds, records: number, body: Uint8Array): Buffer {
  const block = Buffer.alloc(blockHeaderBytes + body.length);
  block.writeUInt32LE(blockKinds[kind], 0);
  block.writeUInt32LE(records, 4);
  block.writeUInt32LE(body.length, 8);
  block.writeUInt32LE(checksumOf(block, body), 12);
  block.set(body, blockHeaderBytes);
  return block;
}

/** Reads what {@link encodeBlock} wrote in front. */
export function decodeBlockHeader(bytes: Buffer): BlockHeader {
  return {
    kind: bytes.readUInt32LE(0),
    records: bytes.readUInt32LE(4),
    bytes: bytes.readUInt32LE(8),
  };
}

/** True where header and body are those that were written. */
export function isIntact(header: Buffer, body: Uint8Array): boolean {
  return checksumOf(header, body) === header.readUInt32LE(12);
}

/** Of the body and of what is said in front of it. */
function checksumOf(header: Buffer, body: Uint8Array): number {
  return crc32(body, crc32(header.subarray(0, 12)));
}

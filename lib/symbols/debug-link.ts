/** By what a stripped file names the one that has its symbols. */
import type { Elf } from '../doors/btf.js';

/** What a file tells of its debug file. */
export interface DebugLink {
  /** Of the file itself, which its debug file shares; hexadecimal digits. */
  readonly buildId?: string | undefined;
  /** A file name without a folder, from `.gnu_debuglink`. */
  readonly name?: string | undefined;
  /** The CRC-32 of that file's bytes. */
  readonly crc?: number | undefined;
}

/** `NT_GNU_BUILD_ID`. */
const buildIdNote = 3;

/** The build id that the linker wrote; undefined where there is none. */
export function readBuildId(elf: Elf): string | undefined {
  const section = elf.section('.note.gnu.build-id');
  if (!section) return undefined;
  const bytes = elf.load(section);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16) return undefined;
  const [nameSize, size, type] = [0, 4, 8].map(at => view.getUint32(at, elf.littleEndian)) as [
    number,
    number,
    number,
  ];
  const start = 12 + Math.ceil(nameSize / 4) * 4;
  if (type !== buildIdNote || size > 64 || start + size > bytes.length) return undefined;
  return Buffer.from(bytes.subarray(start, start + size)).toString('hex');
}

/** What `.gnu_debuglink` says: a name, zeros up to the next four bytes, and the checksum. */
export function readDebugLink(elf: Elf): Pick<DebugLink, 'name' | 'crc'> {
  const section = elf.section('.gnu_debuglink');
  const bytes = section && elf.load(section);
  const end = bytes?.indexOf(0) ?? -1;
  if (!bytes || end <= 0) return {};
  const at = Math.ceil((end + 1) / 4) * 4;
  const name = new TextDecoder().decode(bytes.subarray(0, end));
  if (at + 4 > bytes.length || name.includes('/')) return {};
  return { name, crc: new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, elf.littleEndian) };
}

/** ELF files of which only some parts are wanted: programs and libraries, whose symbols are a fraction of them. */
import { fstatSync, readSync, type Stats } from 'node:fs';
import { requireInteger, requireText } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { Elf } from './elf.js';
import { malformedElf } from './malformed.js';

/** What a file is read into has a place for each byte, of which only those that are read take memory. */
const largest = 2 ** 32;
const hint = 'give an ELF program or library';

/**
 * The header and the sections of a program or library; {@link Elf.load} brings the bytes of one section.
 *
 * @param fd - an open descriptor, which stays open, and is read again when a section is loaded
 * @param subject - what errors call the file: its path
 * @throws BpfError `ERR_BPF_ELF` where it is no ELF file, or is damaged; `ERR_BPF_ARGUMENT` for what is no descriptor.
 */
export function readElf(fd: number, subject: string): Elf {
  requireText('read an ELF file', 'its name', subject);
  requireInteger(`read ${subject}`, 'a descriptor', fd, 0x7fff_ffff);
  const status = statusOf(fd, subject);
  if (!status.isFile()) throw malformedElf(subject, 'it is no regular file', hint);
  if (status.size > largest) throw malformedElf(subject, `it has ${status.size} bytes, more than 4 GiB`);
  const bytes = room(status.size, subject);
  return Elf.parse(bytes, subject, { fill: (offset, size) => fill(fd, bytes, offset, size), hint });
}

/** @throws BpfError with the errno's name for a descriptor of nothing */
function statusOf(fd: number, subject: string): Stats {
  try {
    return fstatSync(fd);
  } catch (cause) {
    const { code = 'EBADF', errno } = cause as NodeJS.ErrnoException;
    throw new BpfError({
      code,
      errno,
      operation: `read ${subject}`,
      reason: `descriptor ${fd} is not open`,
      cause,
    });
  }
}

/** Address space may be short where memory is not. */
function room(size: number, subject: string): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch {
    throw malformedElf(subject, `there is no room for its ${size} bytes`);
  }
}

/** Bytes that a file loses meanwhile stay zero. */
function fill(fd: number, bytes: Uint8Array, offset: number, size: number): void {
  for (let at = offset; at < offset + size; ) {
    const read = readSync(fd, bytes, at, offset + size - at, at);
    if (read === 0) return;
    at += read;
  }
}

/** USDT probes: the places that a program's author marked, as its ELF notes list them. */

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { requireFile } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { Elf } from './index.js';
import { malformedElf } from './malformed.js';

/** One argument of a probe. */
export interface UsdtArgument {
  /** In bytes. */
  readonly size: number;
  readonly signed: boolean;
  /** Where it is, in the assembler's words: a register, a constant, or memory, as `-8(%rbp)`. */
  readonly operand: string;
}

/** One place in a program's code; a probe may be in several. */
export interface UsdtProbe {
  readonly provider: string;
  readonly name: string;
  /** The place's address, before the program is loaded. */
  readonly address: bigint;
  /** Address of the semaphore that counts attached tracers; 0 where there is none. */
  readonly semaphore: bigint;
  readonly arguments: readonly UsdtArgument[];
}

/**
 * The probes of a program or library, in the order of its notes; empty where there are none. Needs no privilege.
 *
 * @param file - a path, a `file:` URL, or the file's bytes.
 * @throws BpfError `ERR_BPF_ELF` where it is no ELF file, or its notes are damaged; `ENOENT` where it is not there.
 * @example
 * ```ts
 * for (const { provider, name } of await usdtProbes('/usr/lib/postgresql/15/bin/postgres')) console.log(provider, name);
 * ```
 */
export async function usdtProbes(file: string | URL | Uint8Array): Promise<UsdtProbe[]> {
  requireFile('read the probes of a program', file);
  if (file instanceof Uint8Array) return usdtProbesSync(file);
  const bytes = await readFile(file).catch(cause => Promise.reject(unreadable(file, cause)));
  return probesOf(Elf.parse(bytes, String(file)));
}

/** {@link usdtProbes} on this thread. */
export function usdtProbesSync(file: string | URL | Uint8Array): UsdtProbe[] {
  requireFile('read the probes of a program', file);
  const subject = file instanceof Uint8Array ? 'the file' : String(file);
  return probesOf(Elf.parse(bytesOf(file), subject));
}

/** @internal The same of a file that is being read. */
export function probesOf(elf: Elf): UsdtProbe[] {
  const notes = elf.section('.note.stapsdt');
  if (notes === undefined) return [];
  const base = elf.section('.stapsdt.base')?.address;
  const { length } = elf.load(notes);
  return [...notesIn(elf, notes.offset, notes.offset + length)].map(at => probeAt(elf, at, base));
}

function bytesOf(file: string | URL | Uint8Array): Uint8Array {
  if (file instanceof Uint8Array) return file;
  try {
    return readFileSync(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string | URL, cause: unknown): BpfError {
  const { code = 'EIO', message } = cause as NodeJS.ErrnoException;
  return new BpfError({ code, operation: `read ${file}`, reason: message, cause });
}

/** A note's content: where it starts and ends. */
interface Content {
  readonly start: number;
  readonly end: number;
}

/** `NT_STAPSDT`. */
const probeNote = 3;

/** Each note is the sizes of its name and content, a type, and both of them, on four bytes each. */
function* notesIn(elf: Elf, start: number, end: number): Generator<Content> {
  for (let at = start; at + 12 <= end; ) {
    const [nameSize, size] = [elf.u32(at), elf.u32(at + 4)];
    const content = at + 12 + aligned(nameSize);
    if (content + size > end)
      throw malformedElf(
        elf.subject,
        `a note needs ${size} bytes at offset ${content}, but its section ends at ${end}`,
      );
    if (elf.u32(at + 8) === probeNote) yield { start: content, end: content + size };
    at = content + aligned(size);
  }
}

/** Three addresses, then three strings. Where the file was moved since it was built, its base tells by how much. */
function probeAt(elf: Elf, { start, end }: Content, base: bigint | undefined): UsdtProbe {
  const word = elf.is64 ? 8 : 4;
  elf.range(start, Math.min(3 * word, end - start + 1), 'a probe');
  const moved = base === undefined ? 0n : base - elf.word(start + word);
  const semaphore = elf.word(start + 2 * word);
  const texts = new TextDecoder().decode(elf.bytes.subarray(start + 3 * word, end)).split('\0');
  const [provider = '', name = '', args = ''] = texts;
  if (texts.length < 4) throw malformedElf(elf.subject, `the texts of a probe at offset ${start} do not end`);
  return {
    provider,
    name,
    address: elf.word(start) + moved,
    semaphore: semaphore === 0n ? 0n : semaphore + moved,
    arguments: args.split(' ').filter(Boolean).map(argument),
  };
}

/** `-4@%esi`: a negative size is that of a signed number. */
function argument(text: string): UsdtArgument {
  const [, size = '0', operand = text] = /^(-?\d+)f?@(.*)$/.exec(text) ?? [];
  return { size: Math.abs(Number(size)), signed: size.startsWith('-'), operand };
}

function aligned(size: number): number {
  return Math.ceil(size / 4) * 4;
}

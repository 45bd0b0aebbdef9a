/** Functions of the kernel, its modules and loaded BPF programs, as `/proc/kallsyms` lists them. */
import { readFile } from 'node:fs/promises';
import { BpfError } from '../errors/bpf-error.js';
import { AddressRanges } from './address-ranges.js';
import type { FoundSymbol } from './found-symbol.js';

/** Kernel addresses are at least this on every 64-bit processor, and less than 2^48 above it. */
const base = 0xffff_0000_0000_0000n;
const file = '/proc/kallsyms';

/** One reading of the list. */
export class KernelSymbols {
  readonly #text: Uint8Array;
  readonly #lines: KernelLines;
  readonly #ranges: AddressRanges;

  private constructor(text: Uint8Array, lines: KernelLines) {
    this.#text = text;
    this.#lines = lines;
    // The kernel names an address by the first of several symbols that are there (kernel/kallsyms.c: get_symbol_pos()).
    const ranks = new Uint32Array(lines.count).map((_, i) => lines.count - i);
    const ends = new Float64Array(lines.count);
    this.#ranges = AddressRanges.of({ count: lines.count, starts: lines.starts, ends, ranks });
  }

  /**
   * Reads the list, which takes some 50 ms.
   *
   * @throws BpfError `EPERM` where addresses are hidden from this process (kallsyms_show_value() in
   * kernel/ksyms_common.c).
   */
  static async read(): Promise<KernelSymbols> {
    const text = await readFile(file).catch(cause => Promise.reject(unreadable(cause)));
    return KernelSymbols.of(text);
  }

  /**
   * The same of a text.
   *
   * @throws BpfError `EPERM` where all of its addresses are zero (kallsyms_show_value() in kernel/ksyms_common.c).
   */
  static of(text: Uint8Array): KernelSymbols {
    const lines = readLines(text);
    if (lines.count === 0) throw hidden();
    return new KernelSymbols(text, lines);
  }

  find(address: bigint): FoundSymbol | undefined {
    const place = Number(address - base);
    const index = place < 0 ? -1 : this.#ranges.find(place);
    if (index < 0) return undefined;
    const [name = '', module] = this.#nameAt(this.#lines.names[index] ?? 0).split('\t');
    return { name, module: module ?? '[kernel]', offset: place - (this.#lines.starts[index] ?? 0) };
  }

  /** `name`, or `name\t[module]`. */
  #nameAt(start: number): string {
    const end = this.#text.indexOf(newline, start);
    return latin1.decode(this.#text.subarray(start, end < 0 ? undefined : end));
  }
}

const latin1 = new TextDecoder('latin1');
const newline = 10;

interface KernelLines {
  readonly count: number;
  readonly starts: Float64Array;
  /** Where each name begins in the text. */
  readonly names: Uint32Array;
}

/** Lines are `ffffffff81000000 T name`, a tabulator and `[module]` behind those of modules. */
function readLines(text: Uint8Array): KernelLines {
  const most = Math.ceil(text.length / shortestLine);
  const [starts, names] = [new Float64Array(most), new Uint32Array(most)];
  let count = 0;
  for (let at = 0; at + shortestLine <= text.length; ) {
    const address = hexAt(text, at + 4, 12);
    if (address > 0) {
      starts[count] = address;
      names[count++] = at + 19;
    }
    const end = text.indexOf(newline, at);
    at = end < 0 ? text.length : end + 1;
  }
  return { count, starts: starts.subarray(0, count), names };
}

/** Of one letter, with the end of its line. */
const shortestLine = 21;

function hexAt(text: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const code = text[i] ?? 0;
    value = value * 16 + (code <= 57 ? code - 48 : (code | 32) - 87);
  }
  return value;
}

function unreadable(cause: unknown): BpfError {
  const { code = 'EIO' } = cause as NodeJS.ErrnoException;
  return new BpfError({ code, operation: `read ${file}`, reason: 'it cannot be read', cause });
}

/** Kernel addresses are shown as kptr_restrict and CAP_SYSLOG say (kernel/ksyms_common.c: kallsyms_show_value()). */
function hidden(): BpfError {
  return new BpfError({
    code: 'EPERM',
    operation: 'name addresses of the kernel',
    reason: `${file} shows this process no addresses`,
    hint: 'give it CAP_SYSLOG, and see kernel.kptr_restrict',
  });
}

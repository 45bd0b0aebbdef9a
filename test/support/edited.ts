/** Objects with one number changed: what a damaged or hostile file looks like. */
import { expect } from 'vitest';
import { Elf, type ElfSection } from '../../lib/btf/index.js';
import { TypeTable } from '../../lib/btf/type-table.js';

/** Where the fields of a 64-bit section header are. */
const header = {
  type: 4,
  flags: 8,
  address: 16,
  offset: 24,
  size: 32,
  link: 40,
  info: 44,
  alignment: 48,
  entrySize: 56,
};
const wide: ReadonlySet<string> = new Set(['flags', 'address', 'offset', 'size', 'alignment', 'entrySize']);

/** A copy of a little-endian object of 64 bits, to be changed field by field. */
export class Edited {
  readonly bytes: Uint8Array;
  readonly elf: Elf;
  readonly #view: DataView;

  constructor(original: Uint8Array) {
    this.bytes = original.slice();
    this.elf = Elf.parse(original, 'x.bpf.o');
    this.#view = new DataView(this.bytes.buffer);
  }

  section(name: string): ElfSection {
    return this.elf.section(name) ?? expect.fail(name);
  }

  /** Changes a field of a section's header. */
  header(name: string, field: keyof typeof header, value: number | bigint): this {
    const start = Number(this.#view.getBigUint64(40, true)) + 64 * this.section(name).index + header[field];
    return wide.has(field) ? this.u64(start, value) : this.u32(start, Number(value));
  }

  /** Changes a symbol: where its value, its size, its kind or its section is. */
  symbol(name: string, field: 'section' | 'value' | 'size' | 'info', value: number | bigint): this {
    const index = this.elf.symbols.findIndex(symbol => symbol.name === name);
    const at = this.section('.symtab').offset + 24 * index;
    if (field === 'section') this.#view.setUint16(at + 6, Number(value), true);
    else if (field === 'info') this.#view.setUint8(at + 4, Number(value));
    else this.u64(at + (field === 'value' ? 8 : 16), value);
    return this;
  }

  /** Changes a word of a section, counted in bytes from its start. */
  within(name: string, at: number, value: number | bigint): this {
    const start = this.section(name).offset + at;
    return typeof value === 'bigint' ? this.u64(start, value) : this.u32(start, value);
  }

  /** Changes a word of the first record of that name in the BTF, typedefs left out. */
  record(name: string, word: number, value: number): this {
    const types = new TypeTable(this.section('.BTF').bytes, 'x');
    for (let id = 1; id < types.count; id++)
      if (types.name(id) === name && types.kind(id) !== 'typedef')
        return this.within('.BTF', 24 + 4 * (types.start(id) + word), value);
    return expect.fail(name);
  }

  u32(at: number, value: number): this {
    this.#view.setUint32(at, value, true);
    return this;
  }

  u64(at: number, value: number | bigint): this {
    this.#view.setBigUint64(at, BigInt(value), true);
    return this;
  }
}

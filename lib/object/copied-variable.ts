/** A variable of which each use makes a copy: before load, and where memory cannot be shared. */
import type { Codec } from '../codec/codec.js';
import { BpfError } from '../errors.js';
import { errnoError, errnoName } from '../native/errno.js';
import type { Status } from '../native/native.js';
import type { Section } from './globals.js';
import type { SectionBytes } from './section-bytes.js';

/** One variable: its place, and memory to read it into. */
export class CopiedVariable {
  readonly #section: Section;
  readonly #place: SectionBytes;
  readonly #name: string;
  readonly #offset: number;
  readonly #codec: Codec<unknown>;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(section: Section, place: SectionBytes, name: string, offset: number, codec: Codec<unknown>) {
    this.#section = section;
    this.#place = place;
    this.#name = name;
    this.#offset = offset;
    this.#codec = codec;
    this.#bytes = new Uint8Array(codec.size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  readonly get = (): unknown => {
    const operation = this.#operation('read');
    const status = this.#place.read(this.#offset, this.#bytes);
    if (status < 0) throw this.#failure(status, operation);
    return this.#codec.read(this.#view, 0, this.#bytes.length);
  };

  set(_index: number, value: unknown): void {
    const operation = this.#operation('write');
    this.#bytes.fill(0);
    this.#codec.write(this.#view, 0, value);
    const status = this.#place.write(this.#offset, this.#bytes);
    if (status < 0) throw this.#failure(status, operation);
  }

  add(): never {
    throw this.#unshared('add to');
  }

  compareExchange(): never {
    throw this.#unshared('compare and exchange');
  }

  #operation(verb: string): string {
    return this.#section.state.use(this.#title(verb));
  }

  #title(verb: string): string {
    return `${verb} ${this.#section.name} ${this.#name} of ${this.#section.state.name}`;
  }

  #unshared(verb: string): BpfError {
    const reason = 'its memory is not shared with the kernel';
    const hint =
      'before load nobody else writes it: read and write it; after load this takes Linux 5.5 and a section in which a variable is not static';
    return new BpfError({ code: 'ERR_BPF_PHASE', operation: this.#operation(verb), reason, hint });
  }

  #failure(status: Status, operation: string): BpfError {
    if (errnoName(status) !== 'EROFS') return errnoError(status, operation);
    const hint = 'set it before load: load({ rodata: { … } })';
    const reason = 'this section is read-only once the object is loaded';
    return new BpfError({ code: 'ERR_BPF_PHASE', errno: status, operation, reason, hint });
  }
}

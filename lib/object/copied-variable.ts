/** A variable of which each use makes a copy, where memory cannot be shared. */
import type { Codec } from '../codec/codec.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Spacing } from '../map/memory/words.js';
import { errnoError, errnoName } from '../native/errno.js';
import type { Status } from '../native/native.js';
import type { Section } from './globals.js';
import type { SectionBytes } from './section-bytes.js';

/** One variable: its place, and memory to read it into. */
export class CopiedVariable {
  readonly #section: Section;
  readonly #place: SectionBytes;
  readonly #name: string;
  readonly #spacing: Spacing;
  readonly #codec: Codec<unknown>;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(section: Section, place: SectionBytes, name: string, codec: Codec<unknown>, spacing: Spacing) {
    this.#section = section;
    this.#place = place;
    this.#name = name;
    this.#spacing = spacing;
    this.#codec = codec;
    this.#bytes = new Uint8Array(codec.size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  readonly get = (index: number): unknown => {
    this.#load(index);
    return this.#codec.read(this.#view, 0, this.#bytes.length);
  };

  set(index: number, value: unknown): void {
    // A bitfield writes its own bits alone.
    if ('width' in this.#codec) this.#load(index);
    else this.#bytes.fill(0);
    const operation = this.#operation('write');
    this.#codec.write(this.#view, 0, value);
    const status = this.#place.write(this.#at(index), this.#bytes);
    if (status < 0) throw this.#failure(status, operation);
  }

  /** Bytes that are copied are not shared. */
  bytesAt(): undefined {}

  /** @throws BpfError `ERR_BPF_CLOSED` */
  require(verb: string): void {
    this.#operation(verb);
  }

  #load(index: number): void {
    const operation = this.#operation('read');
    const status = this.#place.read(this.#at(index), this.#bytes);
    if (status < 0) throw this.#failure(status, operation);
  }

  #at(index: number): number {
    return this.#spacing.offset + index * this.#spacing.stride;
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
    const hint = 'that takes Linux 5.5, and a section in which a variable is not static';
    return new BpfError({ code: 'ERR_BPF_PHASE', operation: this.#operation(verb), reason, hint });
  }

  #failure(status: Status, operation: string): BpfError {
    if (errnoName(status) !== 'EROFS') return errnoError(status, operation);
    const hint = 'set it before load: load({ rodata: { … } })';
    const reason = 'this section is read-only once the object is loaded';
    return new BpfError({ code: 'ERR_BPF_PHASE', errno: status, operation, reason, hint });
  }
}

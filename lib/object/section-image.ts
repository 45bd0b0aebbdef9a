/** A section before load: its initial values in memory of ours, which goes to libbpf when the object is loaded. */
import type { Codec } from '../codec/index.js';
import { MappedField } from '../map/memory/mapped-field.js';
import { Memory } from '../map/memory/memory.js';
import { check } from '../native/errno.js';
import { native } from '../native/native.js';
import type { Section } from './globals.js';
import { variablesObject } from './globals.js';

/** Made when a variable is first used. */
export class SectionImage {
  readonly #section: Section;
  readonly #codec: Codec<unknown>;
  readonly #subject: string;
  #initial: Uint8Array | undefined;
  #memory: Memory | undefined;
  #variables: object | undefined;

  constructor(section: Section, codec: Codec<unknown>) {
    this.#section = section;
    this.#codec = codec;
    this.#subject = `section ${section.name} of ${section.state.name}`;
  }

  /** An object with a property for each variable. */
  get variables(): object {
    this.#variables ??= this.#make();
    return this.#variables;
  }

  /** Hands what was changed to libbpf, and ends: from then on variables are those of the loaded object. */
  apply(): void {
    if (this.#memory === undefined || this.#memory.closed) return;
    const bytes = new Uint8Array(this.#memory.buffer);
    if (Buffer.compare(bytes, this.#initial ?? bytes) !== 0)
      check(native().mapWriteValue(this.#section.map, 0, bytes), `set ${this.#subject}`);
    this.#memory.closeSync();
  }

  #make(): object {
    const { map, name, state } = this.#section;
    const operation = state.use(`read ${this.#subject}`);
    const bytes = new Uint8Array(check(native().mapSectionSize(map), operation));
    check(native().mapReadValue(map, 0, bytes), operation);
    this.#initial = bytes.slice();
    const memory = Memory.image(bytes, this.#subject);
    this.#memory = memory;
    state.adopt(memory);
    return variablesObject(this.#codec, 0, (variable, codec, spacing) => {
      return new MappedField(memory, `${name} ${variable} of ${state.name}`, codec, spacing);
    });
  }
}

/** The variables of all sections. A section is copied on first use: it may be large. */
export function variablesOf(images: ReadonlyMap<string, SectionImage>): object {
  const sections = {};
  for (const [section, image] of images)
    Object.defineProperty(sections, section, { enumerable: true, get: () => image.variables });
  return sections;
}

/** Global variables of an object: each data section as an object whose properties are the C variables. */
import type { Codec, StructCodec } from './codec/index.js';
import { errnoError, errnoName } from './errno.js';
import { BpfError } from './errors.js';
import { type MapHandle, native, type Status } from './native.js';
import type { ObjectState } from './object-state.js';

/** A data section in memory, mapped by libbpf: the initial values before load, the kernel's own after it. */
export interface Section {
  readonly map: MapHandle;
  /** As in C: `.rodata`. */
  readonly name: string;
  readonly state: ObjectState;
}

/** An object with a property for each variable; reading and writing go to the section's memory. */
// biome-ignore lint/suspicious/noExplicitAny: every section has its own variables
export function globals<T>(section: Section, codec: Codec<any>): T {
  const { layout } = codec as StructCodec<Record<string, unknown>>;
  const variables: object = Object.create(null);
  for (const [name, [offset, field]] of Object.entries(layout)) {
    const variable = new Variable(section, name, offset, field);
    Object.defineProperty(variables, name, {
      enumerable: true,
      get: () => variable.read(),
      set: value => variable.write(value),
    });
  }
  return Object.seal(variables) as T;
}

/** Sets those variables that `values` names. */
export function assignGlobals(variables: object, values: object, section: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(name in variables)) throw unknownVariable(name, section, variables);
    (variables as Record<string, unknown>)[name] = value;
  }
}

/** One variable: its place, and memory to read it into. */
class Variable {
  readonly #section: Section;
  readonly #name: string;
  readonly #offset: number;
  readonly #codec: Codec<unknown>;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(section: Section, name: string, offset: number, codec: Codec<unknown>) {
    this.#section = section;
    this.#name = name;
    this.#offset = offset;
    this.#codec = codec;
    this.#bytes = new Uint8Array(codec.size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  read(): unknown {
    const operation = this.#operation('read');
    const status = native().mapReadValue(this.#section.map, this.#offset, this.#bytes);
    if (status < 0) throw this.#failure(status, operation);
    return this.#codec.read(this.#view, 0, this.#bytes.length);
  }

  write(value: unknown): void {
    const operation = this.#operation('write');
    this.#bytes.fill(0);
    this.#codec.write(this.#view, 0, value);
    const status = native().mapWriteValue(this.#section.map, this.#offset, this.#bytes);
    if (status < 0) throw this.#failure(status, operation);
  }

  #operation(verb: string): string {
    return this.#section.state.use(
      `${verb} ${this.#section.name} ${this.#name} of ${this.#section.state.name}`,
    );
  }

  #failure(status: Status, operation: string): BpfError {
    if (errnoName(status) !== 'EROFS') return errnoError(status, operation);
    const hint = 'set it before load: load({ rodata: { … } })';
    const reason = 'this section is read-only once the object is loaded';
    return new BpfError({ code: 'ERR_BPF_PHASE', errno: status, operation, reason, hint });
  }
}

function unknownVariable(name: string, section: string, variables: object): BpfError {
  const known = Object.keys(variables).join(', ') || 'none';
  const reason = `there is no such variable; ${section} has: ${known}`;
  return new BpfError({ code: 'ERR_BPF_ARGUMENT', operation: `set ${section} ${name}`, reason });
}

/** What emitted code refers to: outer values, and variables of its own. */

/** Arrays of 64-bit words: V8 reads their elements in half the time that a DataView takes. */
const wordArrays = { u64: 'BigUint64Array', s64: 'BigInt64Array' } as const;

/** Names in one emitted function. */
export class Scope {
  /** True where `o` is always a multiple of eight from the buffer's beginning, so that {@link words} can be used. */
  readonly aligned: boolean;
  readonly #names = new Map<unknown, string>();
  readonly #words = new Set<keyof typeof wordArrays>();
  #variables = 0;
  /** Members emitted so far; see {@link roomFor}. */
  #members = 0;

  constructor(aligned = false) {
    this.aligned = aligned;
  }

  /** The name of an array of 64-bit words in the machine's order, over the bytes of `v`; {@link opening} makes it. */
  words(kind: keyof typeof wordArrays): string {
    this.#words.add(kind);
    return kind;
  }

  /** Statements that set what {@link words} named, for each `v` anew. */
  get opening(): string {
    const over = '(v.buffer, v.byteOffset, v.byteLength >>> 3)';
    return [...this.#words].map(kind => `${kind} = new ${wordArrays[kind]}${over};`).join(' ');
  }

  /** A name for an outer value in emitted code. */
  constant(value: unknown): string {
    const name = this.#names.get(value) ?? `k${this.#names.size}`;
    this.#names.set(value, name);
    return name;
  }

  /** A name that no other variable has. */
  variable(): string {
    return `a${this.#variables++}`;
  }

  /** True while one function may still grow by so many members; beyond, nested structs are called instead. */
  roomFor(members: number): boolean {
    this.#members += members;
    return this.#members <= 1000;
  }

  get names(): readonly string[] {
    return [...this.#names.values()];
  }

  get values(): readonly unknown[] {
    return [...this.#names.keys()];
  }

  /** The function that this text makes, with the outer values in reach; undefined where code generation is off. */
  compile(body: string): unknown {
    try {
      return new Function(...this.names, body)(...this.values);
    } catch (error) {
      if (error instanceof EvalError) return undefined;
      throw error;
    }
  }
}

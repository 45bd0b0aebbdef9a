/** What emitted code refers to: outer values, and variables of its own. */

/** Arrays of words, by the bits of an index that count bytes. */
const wordArrays = {
  u32: ['Uint32Array', 2],
  u64: ['BigUint64Array', 3],
  s64: ['BigInt64Array', 3],
} as const;

/** Names in one emitted function. */
export class Scope {
  /** True where `o` is always a multiple of eight from the buffer's beginning, so that {@link words} can be used. */
  readonly aligned: boolean;
  /** True where values stay in memory for long, so that those which are there already are better than new ones. */
  readonly kept: boolean;
  readonly #names = new Map<unknown, string>();
  readonly #prefix: string;
  readonly #words = new Set<keyof typeof wordArrays>();
  #variables = 0;
  /** Members emitted so far; see {@link roomFor}. */
  #members = 0;

  /** @param options - `prefix`: what names begin with, where another scope's stand in the same function */
  constructor({ aligned = false, kept = false, prefix = 'k' } = {}) {
    this.aligned = aligned;
    this.kept = kept;
    this.#prefix = prefix;
  }

  /** The name of an array of words in the machine's order, over the bytes of `v`; {@link opening} makes it. */
  words(kind: keyof typeof wordArrays): string {
    this.#words.add(kind);
    return kind;
  }

  /** Statements that set what {@link words} named, for each `v` anew. */
  get opening(): string {
    const statements = [...this.#words].map(kind => {
      const [array, shift] = wordArrays[kind];
      return `${kind} = new ${array}(v.buffer, v.byteOffset, v.byteLength >>> ${shift});`;
    });
    return statements.join(' ');
  }

  /** A name for an outer value in emitted code. */
  constant(value: unknown): string {
    const name = this.#names.get(value) ?? `${this.#prefix}${this.#names.size}`;
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

  /**
   * The function that this text makes, with the outer values of this scope and another in reach; undefined where code
   * generation is off.
   */
  compile(body: string, other?: Scope): unknown {
    const names = [...this.names, ...(other?.names ?? [])];
    const values = [...this.values, ...(other?.values ?? [])];
    try {
      return new Function(...names, body)(...values);
    } catch (error) {
      if (error instanceof EvalError) return undefined;
      throw error;
    }
  }
}

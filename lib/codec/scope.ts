/** What emitted code refers to: outer values, and variables of its own. */

/** Names in one emitted function. */
export class Scope {
  readonly #names = new Map<unknown, string>();
  #variables = 0;
  /** Members emitted so far; see {@link roomFor}. */
  #members = 0;

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

/** Names that are seen from a place in the script: variables of the blocks around it, and a macro's parameters. */
import type { Expression, MapExpression } from '../tree/tree.js';

/** What a macro was called with, by the names of its parameters. */
export interface Bindings {
  readonly values: ReadonlyMap<string, Expression>;
  readonly variables: ReadonlyMap<string, string>;
  readonly maps: ReadonlyMap<string, MapExpression>;
}

/** Blocks within each other. Each variable gets a name that no other has. */
export class Scope {
  readonly bindings: Bindings | undefined;
  readonly #outer: Scope | undefined;
  readonly #names = new Map<string, string>();
  readonly #counter: { next: number };

  constructor(counter: { next: number }, bindings?: Bindings, outer?: Scope) {
    this.#counter = counter;
    this.#outer = outer;
    this.bindings = bindings;
  }

  inner(): Scope {
    return new Scope(this.#counter, this.bindings, this);
  }

  /** The scope of a macro's body, which sees nothing of where it is called. */
  macro(bindings: Bindings): Scope {
    return new Scope(this.#counter, bindings);
  }

  find(name: string): string | undefined {
    return this.#names.get(name) ?? this.#outer?.find(name) ?? this.bindings?.variables.get(name);
  }

  /** A new variable of this block. */
  declare(name: string): string {
    const made = `${name}#${this.#counter.next++}`;
    this.#names.set(name, made);
    return made;
  }

  /** The names that are seen, for errors. */
  get known(): string[] {
    return [...this.#names.keys(), ...(this.#outer?.known ?? []), ...(this.bindings?.variables.keys() ?? [])];
  }
}

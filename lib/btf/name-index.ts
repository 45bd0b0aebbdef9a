/** Types by kind and name; built for one kind when that kind is first asked for. */
import type { BtfKind } from './type.js';

interface Named {
  ids(kind: BtfKind): Iterable<number>;
  name(id: number): string;
}

type Ids = Map<string, number | number[]>;

/** Look-up by kind and name, over the types of one BTF without its base. */
export class NameIndex {
  readonly #types: Named;
  readonly #kinds = new Map<BtfKind, Ids>();

  constructor(types: Named) {
    this.#types = types;
  }

  /** Ids in order; none for a name that is not there. */
  ids(kind: BtfKind, name: string): readonly number[] {
    const index = this.#kinds.get(kind) ?? this.#build(kind);
    this.#kinds.set(kind, index);
    const found = index.get(name) ?? [];
    return typeof found === 'number' ? [found] : found;
  }

  #build(kind: BtfKind): Ids {
    const index: Ids = new Map();
    for (const id of this.#types.ids(kind)) {
      const name = this.#types.name(id);
      if (name !== '') add(index, name, id);
    }
    return index;
  }
}

function add(index: Ids, name: string, id: number): void {
  const known = index.get(name);
  if (known === undefined) index.set(name, id);
  else if (typeof known === 'number') index.set(name, [known, id]);
  else known.push(id);
}

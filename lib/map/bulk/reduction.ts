/** One value out of those of all CPUs: the sum, the greatest or the mean of each number in it. */
import { type Codec, type StructCodec, scalars } from '../../codec/index.js';
import { check } from '../../native/errno.js';
import { native } from '../../native/native.js';

/** How the numbers of all CPUs become one; `mean` of integers is cut to an integer, a sum wraps around as in C. */
export type Reducer = 'sum' | 'max' | 'mean';

/** `enum Reducer` of the addon. */
const reducers: Readonly<Record<Reducer, number>> = { sum: 0, max: 1, mean: 2 };

/** Numbers by their place among the addon's widths: 1, 2, 4, 8 bytes unsigned, then signed, then floats. */
const order = ['u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'f32', 'f64'] as const;
const { u64number, s64number, u64rounded, s64rounded } = scalars;
const widths = new Map<Codec<unknown>, number>([
  ...order.map((name, width) => [scalars[name] as Codec<unknown>, width] as const),
  [u64number, order.indexOf('u64')],
  [u64rounded, order.indexOf('u64')],
  [s64number, order.indexOf('s64')],
  [s64rounded, order.indexOf('s64')],
]);

/** Reduces entries natively. What is no number stays as it is on the first CPU. */
export class Reduction {
  readonly #codec: Codec<unknown>;
  readonly #cpus: number;
  readonly #how: Reducer;
  readonly #fields: Uint32Array;

  constructor(codec: Codec<unknown>, cpus: number, how: Reducer) {
    this.#codec = codec;
    this.#cpus = cpus;
    this.#how = how;
    this.#fields = new Uint32Array(numbersIn(codec, 0));
  }

  /** A value for each entry. */
  reduce(entries: Uint8Array): Uint8Array {
    const { size } = this.#codec;
    const stride = (size + 7) & ~7;
    const out = new Uint8Array((entries.length / (stride * this.#cpus)) * size);
    const how = reducers[this.#how];
    check(native().perCpuReduce(entries, size, this.#cpus, how, this.#fields, out), `take the ${this.#how}`);
    return out;
  }
}

/** Offset and width of every number, through structs and arrays. */
function numbersIn(codec: Codec<unknown>, at: number): number[] {
  const width = widths.get(codec);
  if (width !== undefined) return [at, width];
  if ('layout' in codec) {
    const { layout } = codec as StructCodec<Record<string, unknown>>;
    return Object.values(layout).flatMap(([offset, member]) => numbersIn(member, at + offset));
  }
  if (!('element' in codec)) return [];
  const element = codec.element as Codec<unknown>;
  const count = element.size === 0 ? 0 : codec.size / element.size;
  return Array.from({ length: count }, (_, i) => numbersIn(element, at + i * element.size)).flat();
}

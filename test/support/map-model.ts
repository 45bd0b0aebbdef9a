/** Maps beside models of them in plain JavaScript: the same random calls, the same answers. */
import fc from 'fast-check';
import { createMapSync } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { expect } from 'vitest';

/** How long and from where; a run is the same for the same seed. */
export interface Length {
  readonly numRuns: number;
  readonly calls: number;
  readonly seed: number;
}

/** One call on a map and on its model, which must answer alike. */
export type Step<M, Model> = (map: M, model: Model) => [unknown, unknown];

export function check<M extends Disposable, Model>(
  { numRuns, calls, seed }: Length,
  make: () => [M, Model],
  step: fc.Arbitrary<Step<M, Model>>,
  whole: (map: M, model: Model) => [unknown, unknown],
): void {
  const steps = fc.array(step, { minLength: 1, maxLength: calls });
  const property = fc.property(steps, sequence => {
    const [map, model] = make();
    using _ = map;
    for (const each of sequence) {
      const [found, expected] = each(map, model);
      expect(found).toEqual(expected);
    }
    const [found, expected] = whole(map, model);
    expect(found).toEqual(expected);
  });
  fc.assert(property, { numRuns, seed });
}

/** The answer, or the code of the error. */
export function answer(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
}

const capacity = 8;
const key = fc.integer({ min: 0, max: 11 });
export const value = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const flag = fc.constantFrom('any', 'noexist', 'exist') as fc.Arbitrary<'any' | 'noexist' | 'exist'>;

function update<V>(model: Map<number, V>, at: number, entry: V, how: 'any' | 'noexist' | 'exist'): string {
  if (how === 'noexist' && model.has(at)) return 'EEXIST';
  if (how === 'exist' && !model.has(at)) return 'ENOENT';
  if (!model.has(at) && model.size === capacity) return 'E2BIG';
  model.set(at, entry);
  return 'set';
}

const sorted = <V>(entries: Iterable<[number, V]>) => [...entries].sort(([a], [b]) => a - b);

export function hashAgreesWithMap(length: Length): void {
  const make = () => createMapSync(map('hash', u32, u64), { maxEntries: capacity });
  type Hash = ReturnType<typeof make>;
  type S = Step<Hash, Map<number, bigint>>;
  const step: fc.Arbitrary<S> = fc.oneof(
    fc.tuple(key, value, flag).map(([k, v, how]): S => {
      return (hash, model) => [answer(() => hash.set(k, v, how) && 'set'), update(model, k, v, how)];
    }),
    key.map(
      (k): S =>
        (hash, model) => [hash.get(k), model.get(k)],
    ),
    key.map(
      (k): S =>
        (hash, model) => [hash.has(k), model.has(k)],
    ),
    key.map(
      (k): S =>
        (hash, model) => [hash.delete(k), model.delete(k)],
    ),
    fc.constant((hash: Hash, model: Map<number, bigint>): [unknown, unknown] => [hash.count(), model.size]),
  );
  check(
    length,
    () => [make(), new Map()],
    step,
    (hash, model) => [sorted(hash), sorted(model)],
  );
}

export function perCpuAgreesWithMap(length: Length): void {
  const make = () => createMapSync(map('percpu_hash', u32, u32), { maxEntries: capacity });
  type Hash = ReturnType<typeof make>;
  using probe = make();
  const { cpus } = probe;
  const values = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: cpus, maxLength: cpus });
  const cpu = fc.integer({ min: 0, max: cpus - 1 });
  type S = Step<Hash, Map<number, number[]>>;
  const step: fc.Arbitrary<S> = fc.oneof(
    fc.tuple(key, values, flag).map(([k, v, how]): S => {
      return (hash, model) => [answer(() => hash.set(k, v, how) && 'set'), update(model, k, v, how)];
    }),
    fc.tuple(key, fc.integer({ min: 0, max: 100 })).map(([k, v]): S => {
      const all = Array.from({ length: cpus }, () => v);
      return (hash, model) => [answer(() => hash.setAll(k, v) && 'set'), update(model, k, all, 'any')];
    }),
    key.map(
      (k): S =>
        (hash, model) => [hash.get(k), model.get(k)],
    ),
    fc.tuple(key, cpu).map(([k, c]): S => {
      return (hash, model) => [hash.getCpu(k, c), model.get(k)?.[c]];
    }),
    key.map(
      (k): S =>
        (hash, model) => [hash.delete(k), model.delete(k)],
    ),
  );
  check(
    length,
    () => [make(), new Map()],
    step,
    (hash, model) => [sorted(hash), sorted(model)],
  );
}

export function queueAgreesWithArray(length: Length, kind: 'queue' | 'stack'): void {
  const make = () => createMapSync(map(kind, undefined, u64), { maxEntries: capacity });
  type Queue = ReturnType<typeof make>;
  type S = Step<Queue, bigint[]>;
  const last = kind === 'stack';
  const step: fc.Arbitrary<S> = fc.oneof(
    value.map(
      (v): S =>
        (queue, model) => {
          const full = model.length === capacity;
          if (!full) model.push(v);
          return [answer(() => queue.push(v) && 'set'), full ? 'E2BIG' : 'set'];
        },
    ),
    value.map(
      (v): S =>
        (queue, model) => {
          if (model.length === capacity) model.shift();
          model.push(v);
          return [answer(() => queue.push(v, { dropOldest: true }) && 'set'), 'set'];
        },
    ),
    fc.constant((queue: Queue, model: bigint[]): [unknown, unknown] => [
      queue.pop(),
      last ? model.pop() : model.shift(),
    ]),
    fc.constant((queue: Queue, model: bigint[]): [unknown, unknown] => [
      queue.peek(),
      last ? model.at(-1) : model[0],
    ]),
  );
  check(
    length,
    () => [make(), []],
    step,
    (queue, model) => [queue.drain(), last ? model.reverse() : model],
  );
}

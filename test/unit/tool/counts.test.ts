/** What counters have grown by, of a map that programs change while it is read. */
import { expect, it } from 'vitest';
import { countReader } from '../../../lib/tool/index.js';

interface Connection {
  bytes: bigint;
  closed: boolean;
}

/** A map of connections, of which each goes on at once after a walk has told how it was. */
class Changing {
  readonly #connections = new Map<string, Connection>();
  readonly #changes: (() => void)[] = [];

  set(name: string, bytes: bigint, closed = false): void {
    this.#connections.set(name, { bytes, closed });
  }

  /** What happens after the next walk. */
  afterWalk(change: () => void): void {
    this.#changes.push(change);
  }

  *entries(): Generator<readonly [string, Connection]> {
    for (const [name, connection] of this.#connections) yield [name, { ...connection }];
    this.#changes.shift()?.();
  }

  delete(name: string): boolean {
    return this.#connections.delete(name);
  }

  get names(): string[] {
    return [...this.#connections.keys()];
  }
}

const readerOf = (map: Changing) => {
  const read = countReader(
    map,
    ({ bytes }) => [bytes],
    ({ closed }) => closed,
  );
  return () => read().map(({ key, grown }) => [key, ...grown]);
};

it('tells what a connection carried that ended after it was read', () => {
  const map = new Changing();
  const read = readerOf(map);
  map.set('one', 5n);
  map.afterWalk(() => map.set('one', 3_000_000n, true));
  expect(read()).toEqual([['one', 5n]]);
  expect(read()).toEqual([['one', 2_999_995n]]);
  expect(read()).toEqual([]);
  expect(map.names).toEqual([]);
});

it('tells what a program was writing while an end was read', () => {
  const map = new Changing();
  const read = readerOf(map);
  map.set('one', 5n, true);
  map.afterWalk(() => map.set('one', 8n, true));
  expect(read()).toEqual([['one', 5n]]);
  expect(read()).toEqual([['one', 3n]]);
});

it('removes what has ended, also where it has not grown, and counts a key that comes again from zero', () => {
  const map = new Changing();
  const read = readerOf(map);
  map.set('one', 7n);
  expect(read()).toEqual([['one', 7n]]);
  map.set('one', 7n, true);
  expect(read()).toEqual([]);
  expect(map.names).toEqual(['one']);
  expect(read()).toEqual([]);
  expect(map.names).toEqual([]);
  map.set('one', 9n);
  expect(read()).toEqual([['one', 9n]]);
});

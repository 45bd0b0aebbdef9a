/** The contract of every kind in the table: made, described, pinned, opened again, used, closed; as bpftool sees it. */
import { rmSync } from 'node:fs';
import { createMapSync, type MapInfo, mapKinds, openMapSync } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BpfFileSystem } from '../support/bpffs.js';
import { flagBits, shownMap } from '../support/map-oracle.js';
import { code, four, leave, type Made, surround } from '../support/map-recipe.js';
import { recipes } from '../support/map-recipes.js';
import { need } from '../support/need.js';

beforeAll(surround);
afterAll(leave);

describe.each(Object.keys(recipes) as Made[])('a map of kind %s', kind => {
  it('does what its class says, as bpftool sees it', context => {
    need(context, `map.${kind}`);
    const { description, options, use } = recipes[kind]();
    using made = createMapSync(description, options) as Used;
    use(made as never, made.info.id);
  });

  it('is described, shared, pinned and opened again as the same', context => {
    need(context, `map.${kind}`);
    const { description, options } = recipes[kind]();
    using files = new BpfFileSystem();
    using made = createMapSync(description, { ...options, name: 'a_map' }) as Used;
    const { id, ...info } = made.info;
    const shown = shownMap(id);
    expect(info).toMatchObject({ kind, name: 'a_map', frozen: false });
    expect(flagBits(info.flags)).toBe(shown.flags);
    expect([info.keySize, info.valueSize, info.maxEntries]).toEqual([
      shown.bytes_key,
      shown.bytes_value,
      shown.max_entries,
    ]);
    made.pinSync(`${files.path}/a_map`);
    const places = [`${files.path}/a_map`, { id }, { fd: made.fd }, made.share()];
    for (const place of places) {
      using again = openMapSync(place, description) as Used;
      expect([again.info.id, again.constructor]).toEqual([id, made.constructor]);
    }
    const other = map(kind === 'hash' ? 'array' : 'hash', u32, u64);
    expect(() => openMapSync({ id }, other)).toThrow(/ERR_BPF_MAP, the map there is another: kind is/);
    made.unpinSync();
    rmSync(`${files.path}/a_map`, { force: true });
    expect(() => openMapSync(`${files.path}/a_map`)).toThrow(code('ENOENT'));
    made.closeSync();
    made.closeSync();
    expect(() => made.fd).toThrow(code('ERR_BPF_CLOSED'));
  });
});

/** What every class has. */
interface Used extends Disposable {
  readonly fd: number;
  readonly info: MapInfo;
  share(): { readonly fd: number; readonly id: number };
  pinSync(path: string): void;
  unpinSync(): void;
  closeSync(): void;
}

it('takes an entry out and gives it, in one step', context => {
  need(context, 'map.take');
  using counts = createMapSync(map('hash', u32, u64), four);
  using hits = createMapSync(map('percpu_hash', u32, u32), four);
  const values = Array.from({ length: hits.cpus }, (_, cpu) => cpu + 1);
  counts.set(1, 10n);
  hits.set(1, values);
  expect([counts.take(1), counts.take(1), counts.count()]).toEqual([10n, undefined, 0]);
  expect([hits.take(1), hits.take(1), hits.count()]).toEqual([values, undefined, 0]);
});

it.for(['percpu_hash', 'percpu_array', 'lru_percpu_hash'] as const)(
  "writes one CPU's value of a %s and leaves the others",
  (kind, context) => {
    need(context, 'map.one_cpu');
    using hits = createMapSync(map(kind as 'percpu_hash', u32, u32), four);
    const values = Array.from({ length: hits.cpus }, (_, cpu) => cpu + 1);
    hits.set(1, values).setCpu(1, 0, 77);
    expect([hits.get(1), hits.getCpu(1, 0)]).toEqual([[77, ...values.slice(1)], 77]);
    expect(hits.setAll(1, 5).get(1)).toEqual(values.map(() => 5));
  },
);

it('has a recipe for every row of the table', () => {
  const missing = Object.keys(mapKinds).filter(kind => !(kind in recipes));
  expect(missing).toEqual(['unspec', 'struct_ops']);
});

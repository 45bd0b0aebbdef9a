/** Loops over many values: as closures read them, wherever they lie; texts that differ in any byte. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  array,
  type Codec,
  emittable,
  finder,
  ipv4,
  pairRows,
  rowsOf,
  s64,
  s64be,
  struct,
  text,
  u8,
  u16,
  u64,
} from '../../../lib/codec/index.js';
import { interpretReader } from '../../../lib/codec/reader.js';

const codec = struct('struct row', 64, {
  time: [0, u64],
  balance: [8, s64],
  swapped: [16, s64be],
  state: [24, u8],
  odd: [25, u64],
  name: [33, text(7)],
  many: [40, array(u16, 10)],
  from: [60, ipv4],
});

/** Bytes that often are 0, 0xff or a letter: texts end anywhere, numbers are extreme. */
const byte = fc.oneof(fc.constantFrom(0, 0, 0xff, 0x80, 97), fc.integer({ min: 0, max: 255 }));

it('read what closures read, aligned or not', () => {
  const places = fc.record({
    bytes: fc.array(byte, { minLength: 300, maxLength: 300 }).map(bytes => Uint8Array.from(bytes)),
    start: fc.constantFrom(0, 8, 1),
    at: fc.constantFrom(0, 8, 3),
    step: fc.constantFrom(64, 72, 68),
  });
  fc.assert(
    fc.property(places, ({ bytes, start, at, step }) => {
      const view = new DataView(bytes.buffer, start, 300 - start);
      const singly = [0, 1, 2].map(i => interpretReader(codec)(view, at + i * step, at + i * step + 64));
      expect(rowsOf(codec)(view, at, step, 3)).toEqual(singly);
    }),
  );
});

it('refuse a step that is shorter than the type', () => {
  const view = new DataView(new ArrayBuffer(128));
  expect(() => rowsOf(codec)(view, 0, 63, 2)).toThrow(/struct row/);
  expect(rowsOf(codec)(view, 0, 64, 0)).toEqual([]);
});

it('read keys with their values, as pairs and as objects', () => {
  const runs = fc.record({
    bytes: fc.array(byte, { minLength: 216, maxLength: 216 }).map(bytes => Uint8Array.from(bytes)),
    ids: fc.array(byte, { minLength: 36, maxLength: 36 }).map(bytes => Uint8Array.from(bytes)),
    key: fc.constantFrom({ codec: u16, step: 12 }, { codec: u16, step: 2 }, { codec: u64, step: 8 }),
    step: fc.constantFrom(64, 72, 68),
  });
  fc.assert(
    fc.property(runs, ({ bytes, ids, key, step }) => {
      const [keys, values] = [new DataView(ids.buffer), new DataView(bytes.buffer)];
      const run = { codec: key.codec as Codec<number | bigint>, step: key.step };
      const singly = [0, 1, 2].map(i => ({
        key: interpretReader(emittable(run.codec))(keys, i * key.step, (i + 1) * key.step),
        value: interpretReader(codec)(values, i * step, i * step + 64),
      }));
      const [pairs, entries]: [unknown[], unknown[]] = [['first'], []];
      pairRows(run, { codec, step }, 'pairs')(pairs, keys, values, 3);
      pairRows(run, { codec, step }, 'entries')(entries, keys, values, 3);
      expect(pairs).toEqual(['first', ...singly.map(({ key, value }) => [key, value])]);
      expect(entries).toEqual(singly);
    }),
  );
  expect(() => pairRows({ codec, step: 64 }, { codec, step: 63 }, 'pairs')).toThrow(/struct row/);
});

it('find every text up to its NUL, whatever is behind it', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (const length of [1, 3, 4, 5, 7, 8, 16, 31, 32, 33, 64]) {
    const texts = fc.array(fc.array(byte, { minLength: length, maxLength: length }), { maxLength: 20 });
    fc.assert(
      fc.property(texts, rows => {
        const bytes = Uint8Array.from(rows.flat());
        const expected = rows.map(row => {
          const end = row.indexOf(0);
          return decoder.decode(Uint8Array.from(end < 0 ? row : row.slice(0, end)));
        });
        const view = new DataView(bytes.buffer);
        expect(rowsOf(text(length))(view, 0, length, rows.length)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  }
});

it('make what stands for bytes once, as long as they come again', () => {
  let made = 0;
  const find = finder(8, () => ++made);
  const view = new DataView(
    Uint8Array.from([...'\0\0\0\0\0\0\0\0ab\0\0\0\0\0\0ab\0c\0\0\0\0'].map(c => c.charCodeAt(0))).buffer,
  );
  expect([0, 0, 8, 8, 16, 8].map(at => find(view, at, at + 8))).toEqual([1, 1, 2, 2, 3, 2]);
});

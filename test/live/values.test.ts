/** Values of live maps with no generated code, beside what bpftool prints of the same maps. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Btf, type CType } from '../../lib/doors/btf.js';
import { CValue } from '../../lib/doors/codec.js';
import { type BpfMap, load } from '../../lib/index.js';
import { compile } from '../support/clang.js';
import { fdInfo } from '../support/descriptors.js';
import { type Layout, layouts, sourceOf } from '../support/layouts.js';

const rich: Layout = {
  body: `unsigned low : 3; int middle : 7; unsigned high : 22; _Bool yes : 1; unsigned long long wide : 40;
    struct { unsigned short a; char tag[3]; } __attribute__((packed)) pairs[2];
    struct { int x; union { unsigned word; unsigned char octets[4]; }; }; enum state state, states[3];
    char name[8]; unsigned char raw[4]; long long least; unsigned long long most; void *at; unsigned short grid[2][3];
    _Bool flag; signed char tiny;`,
  attribute: '',
  initializer: `{ 5, -64, 0x3fffff, 1, 0xffffffffffull, { { 1, "ab" }, { 65535, "c" } }, { -2, { 0x04030201 } }, BUSY, { IDLE, 7, BUSY },
    "node", { 0, 255, 1, 2 }, -0x7fffffffffffffffll - 1, ~0ull, (void *)0xffff888000000000ull, { { 1, 2, 3 }, { 4, 5, 65535 } }, 1, -128 }`,
  value: { low: 5, middle: -64, wide: 0xffffffffffn, word: 0x04030201, state: 'BUSY', least: -(2n ** 63n) },
};
// This bpftool prints no floats, and text only of ASCII.
const random = fc
  .sample(layouts, { numRuns: 120, seed: 9 })
  .filter(
    ({ body, value }) => !/double|float/.test(body) && !/[^\0-\x7f]/.test(JSON.stringify(texts(value))),
  );
const all = [rich, ...random.slice(0, 24)];

const maps = all.map(
  (_, i) =>
    `struct { int (*type)[2]; int (*max_entries)[1]; unsigned *key; struct s${i} *value; } m${i} __attribute__((section(".maps"), used));`,
);
const { path, bytes } = compile(
  `${sourceOf(all)}\n${maps.join('\n')}\nchar LICENSE[] __attribute__((section("license"))) = "GPL";`,
  'bpf',
  ['-g', '-Wno-everything'],
);
const types = Btf.fromBytes(bytes, 'x.bpf.o');

describe('values of maps', () => {
  it('are those that bpftool prints, and its bytes are those that clang laid out', async () => {
    await using bpf = await load(path);
    const initial = bpf.globals.data as Record<string, object>;
    for (const [i, { body, value }] of all.entries()) {
      const map = bpf.maps[`m${i}`] as unknown as BpfMap<number, object>;
      map.set(0, initial[`v${i}`] ?? expect.fail());
      expect(map.get(0), body).toMatchObject(value);
      const [entry] = dumped(Number(fdInfo(map.fd, 'map_id')));
      const type = types.get(`struct s${i}`);
      expect(asPrinted(type, map.get(0)), body).toEqual(hoisted(entry?.formatted.value));
      const written = Uint8Array.from(entry?.value ?? expect.fail(), Number).subarray(0, type.size);
      // The same value by its bytes: from the kernel, to JSON, and back.
      const kept = new CValue(type, written);
      expect(kept.value, body).toEqual(map.get(0));
      expect(CValue.fromJSON(type, JSON.stringify(kept)).bytes, body).toEqual(written);
    }
  });
});

/** bpftool's JSON, whose numbers are larger than JavaScript's, and whose anonymous members all have one name. */
function dumped(id: number): { value: string[]; formatted: { value: unknown } }[] {
  const text = execFileSync('bpftool', ['-j', 'map', 'dump', 'id', `${id}`], { encoding: 'utf8' });
  let count = 0;
  return JSON.parse(text.replace(/([:[,])(-?\d+)/g, '$1"$2"').replace(/"":/g, () => `"?${count++}":`));
}

/** Members of anonymous structs and unions beside the others. */
function hoisted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hoisted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) =>
    name.startsWith('?') ? (hoisted(item) as object) : { [name]: hoisted(item) },
  );
  return Object.assign({}, ...entries);
}

/** Our value as bpftool writes it: bitfields as hexadecimal bits, text that fills its array as numbers. */
function asPrinted(type: CType, value: unknown, bits = 0): unknown {
  const { kind, target, members, values } = type.resolved;
  if (bits > 0) {
    const named = values.find(({ name }) => name === value)?.value;
    return `0x${BigInt.asUintN(bits, BigInt((named ?? value) as number)).toString(16)}`;
  }
  if (typeof value === 'string' && kind === 'array' && value.length === type.size)
    return Array.from(value, each => `${each.charCodeAt(0)}`);
  if (value instanceof Uint8Array) return Array.from(value, String);
  if (Array.isArray(value)) return value.map(item => asPrinted(target ?? expect.fail(), item));
  if (members.length > 0) {
    const entries = Object.entries(value as object).map(([name, item]) => {
      const { type: of, bits } = type.member(name);
      return [name, asPrinted(of, item, bits)];
    });
    return Object.fromEntries(entries);
  }
  return typeof value === 'number' || typeof value === 'bigint' ? `${value}` : value;
}

/** All text in a value. */
function texts(value: unknown): unknown[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

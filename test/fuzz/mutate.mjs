/** Files with some of their numbers changed to what breaks a reader that trusts them. */

const extremes = [
  0n,
  1n,
  2n,
  3n,
  7n,
  8n,
  16n,
  24n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0xff00n,
  0x7fffffffn,
  0x80000000n,
];
const huge = [
  0xfffffff8n,
  0xffffffffn,
  1n << 32n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 8n,
  (1n << 64n) - 1n,
];
const kinds = 20;

/**
 * A copy of a file with one to four numbers changed; now and then bytes are, or its end is cut off.
 *
 * @param {Uint8Array} bytes
 * @param {import('./fields.mjs').Group[]} groups
 * @param {(below: number) => number} below
 */
export function mutant(bytes, groups, below) {
  const copy = bytes.slice();
  const way = below(32);
  if (way === 0) return copy.subarray(0, below(copy.length));
  if (way === 1) copy.copyWithin(below(copy.length), below(copy.length), below(copy.length));
  for (let left = 1 + below(1 + below(4)); left > 0; left--) {
    const group = groups[below(groups.length)] ?? [];
    const field = group[below(group.length)];
    if (field) change(copy, field, group, below);
  }
  return copy;
}

/**
 * @param {Uint8Array} copy
 * @param {import('./fields.mjs').Field} field
 * @param {import('./fields.mjs').Group} group
 * @param {(below: number) => number} below
 */
function change(copy, field, group, below) {
  const old = read(copy, field);
  const other = group[below(group.length)] ?? field;
  const ways = [
    () => extremes[below(extremes.length)] ?? 0n,
    () => huge[below(huge.length)] ?? 0n,
    () => old + BigInt(below(33) - 16),
    () => read(copy, other),
    () => BigInt(below(64)),
    () => BigInt(copy.length - below(32)),
    // The info word of a type: another kind, flag and number of entries.
    () => (BigInt(below(2)) << 31n) | (BigInt(below(kinds)) << 24n) | BigInt(below(8)),
    () => old ^ (1n << BigInt(below(8 * field.size))),
  ];
  write(copy, field, ways[below(ways.length)]?.() ?? 0n);
}

/**
 * @param {Uint8Array} copy
 * @param {import('./fields.mjs').Field} field
 */
function read(copy, { at, size }) {
  let value = 0n;
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(copy[at + i] ?? 0);
  return value;
}

/**
 * @param {Uint8Array} copy
 * @param {import('./fields.mjs').Field} field
 * @param {bigint} value
 */
function write(copy, { at, size }, value) {
  for (let i = 0, left = BigInt.asUintN(64, value); i < size; i++, left >>= 8n)
    copy[at + i] = Number(left & 0xffn);
}

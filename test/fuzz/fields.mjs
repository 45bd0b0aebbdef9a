/** The numbers in an ELF file or in raw BTF that a reader relies on, by what they are of. */

/**
 * @typedef {{ at: number, size: 1 | 2 | 4 | 8 }} Field
 * @typedef {readonly Field[]} Group numbers of one sort: each sort is changed as often as the others
 */

const types = { symtab: 2, rela: 4, dynamic: 6, note: 7, rel: 9, dynsym: 11 };
const isVersions = (/** @type {number} */ type) => type >= 0x6ffffffd && type <= 0x6fffffff;

/**
 * @param {Uint8Array} bytes
 * @returns {Group[]}
 */
export function fieldsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const groups = bytes[0] === 0x7f ? ofElf(view) : ofTypes(view, 0, bytes.length);
  return groups.filter(group => group.length > 0);
}

/** @param {DataView} view */
function ofElf(view) {
  const start = Number(view.getBigUint64(40, true));
  const headers = Array.from({ length: view.getUint16(60, true) }, (_, i) => start + 64 * i);
  const programs = Array.from({ length: view.getUint16(56, true) }, (_, i) => 64 + 56 * i);
  return [
    [...parts(16, [2, 2]), ...parts(40, [8]), ...parts(54, [2, 2, 2, 2, 2])],
    headers.flatMap(at => parts(at, [4, 4, 8, 8, 8, 8, 4, 4, 8, 8])),
    programs.flatMap(at => parts(at, [4, 4, 8, 8, 8, 8, 8, 8])),
    ...headers.flatMap(at => ofSection(view, at)),
  ];
}

/**
 * @param {DataView} view
 * @param {number} header
 * @returns {Group[]}
 */
function ofSection(view, header) {
  const type = view.getUint32(header + 4, true);
  const [offset, size] = [
    Number(view.getBigUint64(header + 24, true)),
    Number(view.getBigUint64(header + 32, true)),
  ];
  if (type === 0 || type === 8) return [];
  const rows = (/** @type {number} */ each, /** @type {readonly (1 | 2 | 4 | 8)[]} */ sizes) => [
    Array.from({ length: Math.floor(size / each) }, (_, i) => parts(offset + i * each, sizes)).flat(),
  ];
  if (type === types.symtab || type === types.dynsym) return rows(24, [4, 1, 1, 2, 8, 8]);
  if (type === types.rel) return rows(16, [8, 4, 4]);
  if (type === types.note || isVersions(type)) return [...rows(4, [4]), ...rows(1, [1])];
  if (isTypes(view, offset, size)) return ofTypes(view, offset, size);
  const isCode = (view.getUint32(header + 8, true) & 4) !== 0;
  return isCode ? rows(8, [1, 1, 2, 4]) : [];
}

/**
 * BTF and `.BTF.ext` begin alike, and are words all through but for the names.
 *
 * @param {DataView} view
 * @param {number} offset
 * @param {number} size
 */
function isTypes(view, offset, size) {
  return size >= 24 && view.getUint16(offset, true) === 0xeb9f;
}

/**
 * @param {DataView} view
 * @param {number} offset
 * @param {number} size
 * @returns {Group[]}
 */
function ofTypes(view, offset, size) {
  const isBtf = view.getUint32(offset + 4, true) === 24;
  const words = isBtf ? 24 + view.getUint32(offset + 12, true) : size;
  const word = (/** @type {number} */ from, /** @type {number} */ to) =>
    Array.from({ length: Math.floor((to - from) / 4) }, (_, i) => parts(offset + from + 4 * i, [4])).flat();
  const [header, all] = [word(0, 24), word(24, words)];
  return isBtf ? [header, all, all, all] : [header, all];
}

/**
 * @param {number} at
 * @param {readonly (1 | 2 | 4 | 8)[]} sizes
 * @returns {Field[]}
 */
function parts(at, sizes) {
  let next = at;
  return sizes.map(size => {
    const field = { at: next, size };
    next += size;
    return field;
  });
}

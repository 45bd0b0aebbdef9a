/** What stands for texts that come again and again, found by their bytes: making a string costs more than finding it. */

const slots = 1024;
/** Words of a text that is kept; longer ones come again less often. */
const mostWords = 8;

/** Keeps what was made of recent short texts; a slot holds the latest text that falls on it. */
export class TextCache<T> {
  readonly #make: (view: DataView, offset: number, end: number) => T;
  readonly #keys = new Int32Array(slots * mostWords);
  readonly #lengths = new Int8Array(slots).fill(-1);
  readonly #kept: T[] = [];

  /** @param make - reads the text between two offsets, up to its NUL */
  constructor(make: (view: DataView, offset: number, end: number) => T) {
    this.#make = make;
  }

  /** What was made of the text that lies there, or is made of it now. */
  get(view: DataView, offset: number, end: number): T {
    let hash = 0;
    let at = offset;
    let last = 0;
    const limit = Math.min(end, offset + mostWords * 4) - 4;
    for (; at <= limit; at += 4) {
      const word = view.getInt32(at, true);
      // The lowest bit that is set is that of the first byte which is 0.
      const zero = (word - 0x01010101) & ~word & 0x80808080;
      if (zero !== 0) {
        last = word & (((zero & -zero) >>> 7) - 1);
        hash = Math.imul(hash ^ last, 0x9e3779b1);
        return this.#find(view, offset, at, end, last, (hash ^ (hash >>> 15)) & (slots - 1));
      }
      hash = Math.imul((hash ^ word) + (hash >>> 15), 0x85ebca6b);
    }
    // No NUL in sight: the text is long, fills its array, or ends in an odd number of bytes.
    return this.#make(view, offset, end);
  }

  /** The word at `at` is the last; `last` is what of it belongs to the text. */
  #find(view: DataView, offset: number, at: number, end: number, last: number, slot: number): T {
    const keys = this.#keys;
    const words = (at - offset) >> 2;
    let key = slot * mostWords;
    let same = this.#lengths[slot] === words && keys[key + words] === last;
    for (let from = offset; same && from < at; from += 4, key++)
      same = keys[key] === view.getInt32(from, true);
    if (same) return this.#kept[slot] as T;
    const made = this.#make(view, offset, end);
    key = slot * mostWords;
    for (let from = offset; from < at; from += 4) keys[key++] = view.getInt32(from, true);
    keys[key] = last;
    this.#lengths[slot] = words;
    this.#kept[slot] = made;
    return made;
  }
}

/** Ranges of addresses that may overlap, laid flat: which one an address belongs to is one binary search. */

/** Ranges by number, in any order. Addresses are relative to what the caller counts from: below 2^53. */
export interface RangeColumns {
  readonly count: number;
  readonly starts: Float64Array;
  /** The first address behind each; not above its start where that is not known: then the next start ends it. */
  readonly ends: Float64Array;
  /** Where one whose end is not known ends at the latest, if that is known. */
  readonly limits?: Float64Array;
  /** Where two overlap, the one with the higher rank has the addresses that both cover. */
  readonly ranks: Float64Array | Uint32Array;
}

/** Disjoint pieces of address space, each the range of a number or of none. */
export class AddressRanges {
  readonly #starts: Float64Array;
  /** The range that each piece belongs to; -1 for a gap. */
  readonly #owners: Int32Array;

  private constructor(starts: Float64Array, owners: Int32Array) {
    this.#starts = starts;
    this.#owners = owners;
  }

  /** Lays ranges flat, in time that grows as n log n. */
  static of(ranges: RangeColumns): AddressRanges {
    const order = byStart(ranges);
    const sweep = new Sweep({ ...ranges, ends: closedEnds(ranges, order) });
    for (let i = 0; i < order.length; i++) sweep.open(order[i] ?? 0);
    return new AddressRanges(...sweep.close());
  }

  /** In bytes, of what this keeps. */
  get size(): number {
    return this.#starts.byteLength + this.#owners.byteLength;
  }

  /** The number of the range that has an address; -1 where none has. */
  find(address: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : (this.#owners[low - 1] ?? -1);
  }
}

/** How far a range of unknown end reaches where nothing follows, as behind the last function of a kernel module. */
const farthest = 64 * 1024;

/** The ends, with those that are not known set to the next start. */
function closedEnds({ starts, ends, limits }: RangeColumns, order: Uint32Array): Float64Array {
  const closed = ends.slice();
  let [next, following] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = order.length - 1; i >= 0; i--) {
    const range = order[i] ?? 0;
    const start = starts[range] ?? 0;
    if (start < next) [next, following] = [start, next];
    const limit = limits?.[range] ?? start + farthest;
    if ((ends[range] ?? 0) <= start) closed[range] = Math.min(following, limit);
  }
  return closed;
}

/** Numbers of the ranges in the order of their starts: a radix sort, for a process's compiled code has millions. */
function byStart({ count, starts }: RangeColumns): Uint32Array {
  const [low, high] = [new Uint32Array(count), new Uint32Array(count)];
  for (let i = 0; i < count; i++) {
    const start = starts[i] ?? 0;
    high[i] = Math.floor(start / 2 ** 32);
    low[i] = start - (high[i] ?? 0) * 2 ** 32;
  }
  let order: Uint32Array = new Uint32Array(count).map((_, i) => i);
  for (const [keys, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const)
    order = sortByDigit(order, keys, shift);
  return order;
}

/** One stable pass of the sort, by 16 bits of the keys. */
function sortByDigit(order: Uint32Array, keys: Uint32Array, shift: number): Uint32Array {
  const places = digitStarts(keys, shift);
  if (places[1] === keys.length) return order;
  const sorted = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const range = order[i] ?? 0;
    const digit = ((keys[range] ?? 0) >>> shift) & 0xffff;
    const place = places[digit] ?? 0;
    sorted[place] = range;
    places[digit] = place + 1;
  }
  return sorted;
}

/** Where the keys of each digit begin in the sorted list. */
function digitStarts(keys: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(2 ** 16 + 1);
  for (let i = 0; i < keys.length; i++) {
    const next = (((keys[i] ?? 0) >>> shift) & 0xffff) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let digit = 1; digit <= 2 ** 16; digit++)
    starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
  return starts;
}

/** Goes over ranges by their start, with those that are open in a heap: the one of the highest rank is in sight. */
class Sweep {
  readonly #ranges: RangeColumns;
  readonly #heap: number[] = [];
  readonly #starts: Float64Array;
  readonly #owners: Int32Array;
  #pieces = 0;

  constructor(ranges: RangeColumns) {
    this.#ranges = ranges;
    // Each start and each end begins at most one piece.
    this.#starts = new Float64Array(2 * ranges.count);
    this.#owners = new Int32Array(2 * ranges.count);
  }

  open(range: number): void {
    const start = this.#ranges.starts[range] ?? 0;
    this.#endBefore(start);
    this.#push(range);
    if (this.#heap[0] === range) this.#begin(start, range);
  }

  close(): [Float64Array, Int32Array] {
    this.#endBefore(Number.POSITIVE_INFINITY);
    return [this.#starts.slice(0, this.#pieces), this.#owners.slice(0, this.#pieces)];
  }

  /** Ends what ends up to an address: below it, the next that is still open comes into sight. */
  #endBefore(address: number): void {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      const end = this.#ranges.ends[top] ?? 0;
      if (end > address) return;
      while (this.#heap[0] !== undefined && (this.#ranges.ends[this.#heap[0]] ?? 0) <= end) this.#pop();
      this.#begin(end, this.#heap[0] ?? -1);
    }
  }

  /** A piece that begins where the last one did replaces it; one of the same range goes on. */
  #begin(start: number, owner: number): void {
    if (this.#pieces > 0 && this.#starts[this.#pieces - 1] === start) this.#pieces--;
    if (this.#pieces > 0 && this.#owners[this.#pieces - 1] === owner) return;
    this.#starts[this.#pieces] = start;
    this.#owners[this.#pieces++] = owner;
  }

  #isAbove(a: number, b: number): boolean {
    const { ranks } = this.#ranges;
    return (ranks[this.#heap[a] ?? 0] ?? 0) > (ranks[this.#heap[b] ?? 0] ?? 0);
  }

  #push(range: number): void {
    let at = this.#heap.push(range) - 1;
    for (let up = (at - 1) >> 1; at > 0 && this.#isAbove(at, up); up = (at - 1) >> 1) at = this.#swap(at, up);
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const child = left + 1 < this.#heap.length && this.#isAbove(left + 1, left) ? left + 1 : left;
      if (child >= this.#heap.length || !this.#isAbove(child, at)) return;
      at = this.#swap(at, child);
    }
  }

  /** Exchanges two places of the heap, and gives the second. */
  #swap(a: number, b: number): number {
    const [first = 0, second = 0] = [this.#heap[a], this.#heap[b]];
    this.#heap[a] = second;
    this.#heap[b] = first;
    return b;
  }
}

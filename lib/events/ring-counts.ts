/** What a BPF program counts of a ring buffer with `libbpf-ts.bpf.h`: a map beside the ring, a row for each CPU. */
import { check } from '../native/errno.js';
import { type MapHandle, native } from '../native/native.js';

/** `BPF_MAP_TYPE_PERCPU_ARRAY`. */
const percpuArray = 6;
/** `struct ringbuf_counts`: produced, dropped, discarded. */
const fields = 3;

/** The counts of one ring. */
export class RingCounts {
  readonly #map: MapHandle;
  readonly #values: BigUint64Array<ArrayBuffer>;
  readonly #bytes: Uint8Array;
  readonly #key = new Uint8Array(4);

  /** Undefined for a map of that name which is something else. */
  static of(map: MapHandle | undefined): RingCounts | undefined {
    if (map === undefined) return undefined;
    const isCounts = native().mapType(map) === percpuArray && native().mapValueSize(map) === fields * 8;
    return isCounts ? new RingCounts(map) : undefined;
  }

  private constructor(map: MapHandle) {
    this.#map = map;
    this.#values = new BigUint64Array(fields * check(native().numPossibleCpus(), 'count the CPUs'));
    this.#bytes = new Uint8Array(this.#values.buffer);
  }

  /** The sums over all CPUs. */
  read(): { readonly produced: number; readonly dropped: number; readonly discarded: number } {
    check(native().mapLookupElem(this.#map, this.#key, this.#bytes, 0), 'read the counts of a ring buffer');
    return { produced: this.#sum(0), dropped: this.#sum(1), discarded: this.#sum(2) };
  }

  #sum(field: number): number {
    let sum = 0n;
    for (let at = field; at < this.#values.length; at += fields) sum += this.#values[at] ?? 0n;
    return Number(sum);
  }
}

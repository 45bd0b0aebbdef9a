/** Ring buffers: records of BPF programs, decoded, pulled by `for await`. */

import { RingCounts } from '../events/ring-counts.js';
import { RingSource } from '../events/ring-source.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { native } from '../native/native.js';
import { EventMap } from './event-map.js';

/**
 * A ring buffer of records of type `T`. Reading is pulled: while JavaScript is busy, records wait in the kernel.
 * What a loop leaves unread, the next one gets.
 *
 * @since Linux 5.8 (ringbuf_map_alloc() in kernel/bpf/ringbuf.c)
 * @example
 * ```ts
 * for await (const event of bpf.maps.events) console.log(event.pid, event.comm);
 * ```
 */
export class RingBuffer<T = unknown, Kind extends MapKindName = 'ringbuf'> extends EventMap<T, Kind> {
  /** Bytes that wait to be read, their headers included. */
  get available(): number {
    return this.stream.stats().waiting ?? 0;
  }

  /** @internal */
  protected openSource(): RingSource {
    const counts = RingCounts.of(this.state.maps.get(`${this.name}_counts`));
    return new RingSource(this.handle, this.name, this.maxEntries, native(), counts);
  }
}

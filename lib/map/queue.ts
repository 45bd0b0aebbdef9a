/** Queues and stacks: values without keys, in an order. */
import { requireOptions } from '../errors/arguments.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';

/** `BPF_EXIST`: a full queue drops its oldest value. */
const dropOldest = 2;

/**
 * A queue, first in first out, or a stack, last in first out.
 *
 * @since Linux 4.20 (queue_stack_map_alloc() in kernel/bpf/queue_stack_maps.c)
 * @example
 * ```ts
 * bpf.maps.jobs.push(1n);
 * for (const job of bpf.maps.jobs.drain()) console.log(job);
 * ```
 */
export class QueueMap<V = unknown, Kind extends MapKindName = 'queue' | 'stack'> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<undefined, V>;

  /** @internal */
  constructor(...parts: MapParts<undefined, V, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /**
   * Adds a value.
   *
   * @param options - with `dropOldest`, a full one loses its oldest value instead of refusing.
   * @throws BpfError `E2BIG` when it is full (queue_stack_map_push_elem() in kernel/bpf/queue_stack_maps.c).
   */
  push(value: V, options: { readonly dropOldest?: boolean } = {}): this {
    requireOptions(`push to map ${this.name}`, options, ['dropOldest']);
    this.elements.update(undefined, value, options.dropOldest ? dropOldest : 0, 'push to');
    return this;
  }

  /** Takes the next value out; undefined when it is empty. */
  pop(): V | undefined {
    return this.elements.removeAndGet(undefined, 0, 'pop from', '4.20');
  }

  /** The next value, which stays; undefined when it is empty. */
  peek(): V | undefined {
    return this.elements.lookup(undefined, 0, 'peek into');
  }

  /** Takes the values out that are there, in their order; no more than it can hold, however fast others push. */
  drain(): V[] {
    const values: V[] = [];
    while (values.length < this.maxEntries) {
      const value = this.pop();
      if (value === undefined) break;
      values.push(value);
    }
    return values;
  }
}

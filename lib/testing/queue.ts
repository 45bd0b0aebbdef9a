/** Queues, stacks and Bloom filters in memory: values without keys. */
import type { Status } from '../native/native.js';
import { StandInMap } from './map.js';
import { refusals } from './status.js';

/** `BPF_EXIST`: a full queue drops its oldest value. */
const dropOldest = 2;

/** Values in their order. */
export class StandInQueue extends StandInMap {
  readonly #values: Uint8Array[] = [];

  override lookup(_key: Uint8Array, value: Uint8Array): Status {
    const next = this.#values.at(this.#place);
    if (next === undefined) return refusals.ENOENT;
    value.set(next);
    return 0;
  }

  override update(_key: Uint8Array, value: Uint8Array, flags: number): Status {
    if (this.#values.length === this.plan.maxEntries) {
      if (flags !== dropOldest) return refusals.E2BIG;
      this.#values.shift();
    }
    this.#values.push(value.slice());
    return 0;
  }

  override remove(): Status {
    this.#values.splice(this.#place, 1);
    return 0;
  }

  /** Where the next one is: the first of a queue, the last of a stack. */
  get #place(): number {
    return this.plan.kind === 'stack' ? -1 : 0;
  }
}

/** A set that makes no mistakes, which a Bloom filter may do too. */
export class StandInBloom extends StandInMap {
  readonly #values = new Set<string>();

  override lookup(_key: Uint8Array, value: Uint8Array): Status {
    return this.#values.has(Buffer.from(value).toString('latin1')) ? 0 : refusals.ENOENT;
  }

  override update(_key: Uint8Array, value: Uint8Array): Status {
    this.#values.add(Buffer.from(value).toString('latin1'));
    return 0;
  }
}

/** Hashes in memory, for every kind whose entries come and go by key. */
import type { Status } from '../native/native.js';
import { type Entry, refusedFlags, StandInMap } from './map.js';
import { refusals } from './status.js';

/** Entries in the order in which they came; an LRU one forgets the oldest when it is full. */
export class StandInHash extends StandInMap {
  readonly #entries = new Map<string, Entry>();
  /** A walk goes on from here, so that it need not begin anew for each key. */
  #walk: { readonly last: string; readonly rest: Iterator<Entry> } | undefined;

  override lookup(key: Uint8Array, value: Uint8Array, flags: number): Status {
    if (flags > 7) return refusals.EINVAL;
    const entry = this.find(key);
    if (entry === undefined) return refusals.ENOENT;
    value.set(entry[1].subarray(0, value.length));
    return 0;
  }

  override update(key: Uint8Array, value: Uint8Array, flags: number): Status {
    const name = nameOf(key);
    const exists = this.#entries.has(name);
    const refused = refusedFlags(flags, exists) ?? (exists ? undefined : this.#makeRoom());
    if (refused !== undefined) return refused;
    this.#entries.set(name, [key.slice(), value.slice()]);
    return 0;
  }

  override remove(key: Uint8Array): Status {
    return this.#entries.delete(nameOf(key)) ? 0 : refusals.ENOENT;
  }

  /** Behind a key that is not there comes the first. */
  override next(key: Uint8Array | null, next: Uint8Array): Status {
    const last = key === null ? undefined : nameOf(key);
    const rest = this.#walk !== undefined && this.#walk.last === last ? this.#walk.rest : this.#behind(last);
    const { done, value } = rest.next();
    if (done) return refusals.ENOENT;
    next.set(value[0]);
    this.#walk = { last: nameOf(next), rest };
    return 0;
  }

  override entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  protected find(key: Uint8Array): Entry | undefined {
    return this.#entries.get(nameOf(key));
  }

  /** What a full map answers. */
  protected get full(): Status {
    return refusals.E2BIG;
  }

  #behind(last: string | undefined): Iterator<Entry> {
    const rest = this.#entries.values();
    if (last === undefined || !this.#entries.has(last)) return rest;
    for (let step = rest.next(); !step.done && nameOf(step.value[0]) !== last; ) step = rest.next();
    return rest;
  }

  #makeRoom(): Status | undefined {
    if (this.#entries.size < this.plan.maxEntries) return undefined;
    if (!this.plan.kind.startsWith('lru_')) return this.full;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
    return undefined;
  }
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
}

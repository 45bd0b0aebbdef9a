/** The sources of this thread: each is there once, from its first user to its last. */
import type { Owner } from './owner.js';
import type { SourceReading } from './reading.js';
import { Source, type SourceName } from './source.js';

const running = new Map<SourceName, Promise<Source>>();

/** One user's share of a source. */
export class SourceUse {
  readonly #source: Source;
  readonly #owner: Owner;
  readonly #slot: number;
  /** Whether others observed the same owner before: what they saw is in the first reading. */
  readonly isShared: boolean;
  /** Entries that had found no room before. */
  readonly #missedBefore: bigint;
  #closed = false;

  private constructor(source: Source, owner: Owner) {
    const { number, isShared } = source.join(owner);
    this.#source = source;
    this.#owner = owner;
    this.#slot = number;
    this.isShared = isShared;
    this.#missedBefore = source.missed;
  }

  /** Attaches the source, unless it is, and begins to sum up what the owner does. */
  static async begin(name: SourceName, owner: Owner): Promise<SourceUse> {
    const known = running.get(name) ?? Source.start(name);
    running.set(name, known);
    try {
      const source = await known;
      // Its last user may have closed it meanwhile.
      if (running.get(name) !== known) return await SourceUse.begin(name, owner);
      return new SourceUse(source, owner);
    } catch (error) {
      await forgetUnused(name, known);
      throw error;
    }
  }

  get name(): SourceName {
    return this.#source.name;
  }

  /** Tracepoints of the source that are not in this kernel. */
  get missing(): readonly string[] {
    return this.#source.missing;
  }

  /** What the owner has done, and what found no room since this use began. */
  async read(): Promise<SourceReading> {
    const { missed, ...reading } = await this.#source.read(this.#slot);
    return { ...reading, missed: missed - this.#missedBefore };
  }

  /** Ends it; with its last user the source goes. */
  async close(): Promise<void> {
    const left = this.#leave();
    if (left === 'gone') await this.#source.close();
    if (left === 'slot') await this.#source.forget();
  }

  /** The same on this thread. */
  closeSync(): void {
    const left = this.#leave();
    if (left === 'gone') this.#source.closeSync();
    if (left === 'slot') this.#source.forgetSync();
  }

  /** Says what has lost its last user: the source, or the slot of the owner. */
  #leave(): 'gone' | 'slot' | undefined {
    if (this.#closed) return undefined;
    this.#closed = true;
    const isLast = this.#source.leave(this.#owner);
    if (this.#source.isUsed) return isLast ? 'slot' : undefined;
    running.delete(this.name);
    return 'gone';
  }
}

/** One that could not start, or whose first user failed, is not kept. */
async function forgetUnused(name: SourceName, starting: Promise<Source>): Promise<void> {
  const source = await starting.catch(() => undefined);
  if (source?.isUsed) return;
  if (running.get(name) === starting) running.delete(name);
  await source?.close();
}

/** Records of several CPUs in the order of their times. */
import { headerBytes, Memory, padded } from '../events/memory.js';

/** Each record begins with its time. */
const timeBytes = 8;

/** Records of one CPU that are not delivered yet, in the order in which they were written. */
export class Lane {
  readonly memory = new Memory();
  /** False where the limits ended the last drain: there may be more that is older than what other CPUs have. */
  drained = true;
  #at = 0;

  /** Time of the next record. */
  get time(): bigint | undefined {
    if (this.#at >= this.memory.used) return undefined;
    return this.memory.view.getBigUint64(this.#at + headerBytes, true);
  }

  /** Makes room for what comes, behind what is left. */
  compact(): void {
    const { memory } = this;
    memory.bytes.copyWithin(0, this.#at, memory.used);
    memory.used -= this.#at;
    memory.count = 0;
    this.#at = 0;
  }

  /** Moves the next record, without its time. */
  moveTo(out: Memory): void {
    const start = this.#at + headerBytes;
    const length = this.memory.words[this.#at / 4] ?? 0;
    const note = this.memory.words[this.#at / 4 + 1] ?? 0;
    out.append(this.memory.bytes.subarray(start + timeBytes, start + length), note);
    this.#at = padded(start + length);
  }
}

/** Merges lanes. */
export class TimeOrder {
  #last = 0n;
  #late = 0;

  /** Records that came after a later one had been given: they were being written while the CPUs were read. */
  get late(): number {
    return this.#late;
  }

  /**
   * Moves what is certain to be in order: nothing older than `now`, when the reading began, can still come, and nothing
   * older than the last record of a lane that has more.
   */
  merge(lanes: readonly Lane[], now: bigint, out: Memory, records: number): void {
    let until = now;
    for (const lane of lanes) {
      const end = lane.drained ? now : lastTime(lane);
      if (end < until) until = end;
    }
    while (out.count < records) {
      const [lane, time] = earliest(lanes);
      if (lane === undefined || time > until) return;
      if (time < this.#last) this.#late++;
      else this.#last = time;
      lane.moveTo(out);
    }
  }
}

function earliest(lanes: readonly Lane[]): [lane: Lane | undefined, time: bigint] {
  let found: Lane | undefined;
  let least = 0n;
  for (const lane of lanes) {
    const { time } = lane;
    if (time === undefined || (found !== undefined && time >= least)) continue;
    found = lane;
    least = time;
  }
  return [found, least];
}

function lastTime({ memory }: Lane): bigint {
  let last = 0n;
  for (let at = 0; at < memory.used; at = padded(at + headerBytes + (memory.words[at / 4] ?? 0)))
    last = memory.view.getBigUint64(at + headerBytes, true);
  return last;
}

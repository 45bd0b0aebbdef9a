/** How long threads are off their CPUs, from one switch to the next. */
import { assembled, type Closable, type LoadedObject } from '../index.js';
import type { Measurement } from './measurement.js';
import type { StackSums } from './stack-sums.js';
import type { ProfileTarget } from './target.js';
import { createWaits, switchProgram, type Waits, wakeupProgram } from './wait-programs.js';
import { type WaitingThread, waitingThreads } from './waiting-threads.js';

/** What waits cost a stack, in nanoseconds. */
export interface WaitTime {
  readonly id: bigint;
  readonly blocked: bigint;
  readonly runnable: bigint;
}

/** A running measurement of waits. */
export class Waiting implements Measurement {
  readonly bpf: LoadedObject;
  readonly #waits: Waits;
  readonly maps: readonly Closable[];
  /** Threads that waited already when it began, by the ids of their stacks. */
  readonly early = new Map<bigint, WaitingThread>();

  private constructor(bpf: LoadedObject, waits: Waits) {
    this.bpf = bpf;
    this.#waits = waits;
    this.maps = [waits];
  }

  /** Starts it. @param least - waits that are shorter are left out, in nanoseconds */
  static async start(target: ProfileTarget, sums: StackSums, least: bigint): Promise<Waiting> {
    const waits = await createWaits();
    let bpf: LoadedObject | undefined;
    try {
      const programs = {
        wakeup: { section: 'tracepoint/sched/sched_wakeup', insns: wakeupProgram(waits) },
        switch: {
          section: 'tracepoint/sched/sched_switch',
          insns: switchProgram(target, sums, waits, least),
        },
      } as const;
      const waiting = new Waiting(await assembled('offcpu', programs).load(), waits);
      bpf = waiting.bpf;
      await bpf.attach();
      await waiting.#addEarly(target, sums);
      return waiting;
    } catch (error) {
      await bpf?.close();
      await waits.close();
      throw error;
    }
  }

  /** Waits that have not ended by then, in nanoseconds of the monotonic clock. */
  async unfinished(by: bigint): Promise<WaitTime[]> {
    const waits = await this.#waits.snapshot();
    return waits
      .filter(([, { since }]) => since > 0n && since < by)
      .map(([, { since, woken, id }]) => {
        const until = woken > 0n && woken < by ? woken : by;
        return { id, blocked: until - since, runnable: by - until };
      });
  }

  /** One that has been switched to since is entered wrongly, until it is switched from: no time is counted for that. */
  async #addEarly(target: ProfileTarget, sums: StackSums): Promise<void> {
    for (const thread of await waitingThreads(target)) {
      const id = BigInt(this.early.size + 1);
      sums.maps.sums.set(id, { sent: 1n, count: 0n, first: 0n, second: 0n });
      const since = process.hrtime.bigint();
      try {
        this.#waits.set(thread.tid, { since, woken: 0n, id }, 'noexist');
      } catch {
        continue; // the programs know it already, or there are too many
      }
      this.early.set(id, thread);
    }
  }
}

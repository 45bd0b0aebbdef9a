/** Rings flooded at full speed by threads of this process, and what came of it. */
import { Worker } from 'node:worker_threads';
import type { Event } from '../bpf/stream.bpf.js';
import { attachedStream, floodWorker, type Stream } from './stream.js';

/** How to flood. */
export interface FloodOptions {
  readonly milliseconds: number;
  readonly rings: number;
}

/** What a flood came to. */
export interface Flooded {
  readonly received: number;
  readonly produced: number;
  readonly dropped: number;
  /** True when of each CPU the sequence rose from record to record. */
  readonly ordered: boolean;
  /** Records received of each ring. */
  readonly rings: readonly number[];
  /** Calls of a 10 ms timer meanwhile, and by how many milliseconds they came late, sorted. */
  readonly ticks: number;
  readonly lags: readonly number[];
}

/** Two threads write into every ring while this one reads. */
export async function flood({ milliseconds, rings }: FloodOptions): Promise<Flooded> {
  const objects = await Promise.all(Array.from({ length: rings }, () => attachedStream(64)));
  const order = objects.map(() => new Map<number, bigint>());
  const state = { ordered: true, lags: [] as number[] };
  const readers = objects.map((bpf, ring) => read(bpf, order[ring] ?? new Map(), state));
  const timer = watchTimer(state.lags);
  const workers = [1, 2].map(() => new Worker(floodWorker, { eval: true, workerData: milliseconds }));
  await Promise.all(workers.map(worker => new Promise(resolve => worker.once('exit', resolve))));
  clearInterval(timer);
  const stats = await Promise.all(objects.map(settled));
  await Promise.all(objects.map(bpf => bpf.close()));
  await Promise.all(readers);
  const sum = (of: (one: (typeof stats)[number]) => number) => stats.reduce((all, one) => all + of(one), 0);
  return {
    received: sum(({ delivered }) => delivered),
    produced: sum(({ produced = 0 }) => produced),
    dropped: sum(({ dropped = 0 }) => dropped),
    ordered: state.ordered,
    rings: stats.map(({ delivered }) => delivered),
    ticks: state.lags.length,
    lags: state.lags.sort((a, b) => a - b),
  };
}

async function read(bpf: Stream, last: Map<number, bigint>, state: { ordered: boolean }): Promise<void> {
  for await (const batch of bpf.maps.events.batches()) {
    for (const { cpu, sequence } of batch as Iterable<Event>) {
      if (sequence <= (last.get(cpu) ?? -1n)) state.ordered = false;
      last.set(cpu, sequence);
    }
  }
}

/** Nobody writes any more: what waits is read, then the counts stand. */
async function settled(bpf: Stream) {
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, 10));
    const stats = bpf.maps.events.stats();
    if (stats.waiting === 0) return stats;
  }
}

function watchTimer(lags: number[]): NodeJS.Timeout {
  let due = performance.now() + 10;
  return setInterval(() => {
    const now = performance.now();
    lags.push(Math.max(0, now - due));
    due = now + 10;
  }, 10);
}

/** A thread that writes and deletes other keys of a hash all the time, and walks meanwhile. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { BpfMap, SharedMap } from 'libbpf-ts';

/** Keys from `from` on come and go until the worker is terminated. */
export function churn(shared: SharedMap, keys: { readonly from: number; readonly keys: number }): Worker {
  const text = `
    const { parentPort, workerData: { shared, from, keys } } = require('node:worker_threads');
    Promise.all([import('libbpf-ts'), import('libbpf-ts/codec')]).then(([{ openMapSync }, { map, u32, u64 }]) => {
      const hash = openMapSync(shared, map('hash', u32, u64));
      parentPort.postMessage('begun');
      parentPort.once('message', () => { hash.closeSync(); process.exit(); });
      let round = 0;
      const some = () => {
        for (let n = 0; n < 50; n++, round++) {
          hash.set(from + round % keys, 1n);
          hash.delete(from + (round * 7) % keys);
        }
        setImmediate(some);
      };
      some();
    });`;
  return new Worker(text, { eval: true, workerData: { shared, ...keys } });
}

/** What walks have met. */
export interface WalkReport {
  walks: number;
  restarts: number;
  readonly lost: number[];
  twice: number;
}

/** Walks again and again: keys below 200 that were lost, and how many came twice in a walk. */
export async function walkAll(
  map: BpfMap<number, bigint, 'hash'>,
  writer: Worker,
  milliseconds: number,
): Promise<WalkReport> {
  await once(writer, 'message');
  try {
    return walkUntil(Date.now() + milliseconds, map);
  } finally {
    writer.postMessage('end');
    await once(writer, 'exit');
  }
}

function walkUntil(end: number, map: BpfMap<number, bigint, 'hash'>): WalkReport {
  const report: WalkReport = { walks: 0, restarts: 0, lost: [], twice: 0 };
  do {
    const seen = new Set<number>();
    const keys = map.keys({ restarts: 10_000 });
    let step = keys.next();
    for (; !step.done; step = keys.next()) {
      if (seen.has(step.value)) report.twice++;
      seen.add(step.value);
    }
    report.walks++;
    report.restarts += step.value.restarts;
    for (let key = 0; key < 200; key++) if (!seen.has(key)) report.lost.push(key);
  } while (Date.now() < end);
  return report;
}

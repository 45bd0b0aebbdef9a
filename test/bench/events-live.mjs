// Events as they come, beside C: latency, and what reader and producer pay.
import { attached, Child, object } from './events-c.mjs';
import { middle, short } from './measure.mjs';

const seconds = Number(process.env.LIBBPF_TS_SECONDS ?? (short ? 1 : 2));
const rounds = short ? 1 : 3;

/**
 * Live events at an even rate: C that sleeps after each drain, C that coalesces, and ours.
 *
 * @param {string} program
 * @param {number} rate
 */
export async function live(program, rate) {
  /** @type {Record<string, { cpu: number[], latency: number[], spent: number[], lost: number[] }>} */
  const results = {};
  for (let round = 0; round < rounds; round++) {
    for (const who of ['epoll', 'coalesce', 'ours']) {
      const producer = new Child(program, [String(rate), String(seconds)]);
      const pid = Number(await producer.line());
      const start = who === 'ours' ? await consumeHere(pid) : await consumeInC(program, who, pid);
      // Compilers and collectors have done their first work when the measurement begins: a fifth of a reader's CPU
      // in the first seconds is theirs.
      for (let warmUp = 0; warmUp < 2; warmUp++) await producer.ask('go');
      await new Promise(resolve => setTimeout(resolve, 100));
      const consumer = start();
      const [produced, spent] = (await producer.ask('go')).split(' ').map(Number);
      const { events, cpu, latency } = await consumer();
      producer.end();
      results[who] ??= { cpu: [], latency: [], spent: [], lost: [] };
      const million = /** @type {number} */ (produced) / 1e6;
      results[who].cpu.push(cpu / million);
      results[who].latency.push(latency);
      results[who].spent.push(/** @type {number} */ (spent) / million);
      results[who].lost.push(/** @type {number} */ (produced) - events);
    }
  }
  console.log(`\nan even ${rate} events a second for ${seconds} s, medians of ${rounds} rounds`);
  for (const [who, { cpu, latency, spent, lost }] of Object.entries(results)) {
    const name = { epoll: 'C, epoll for each', coalesce: 'C, coalescing 1 ms' }[who] ?? 'ours';
    console.log(
      `  ${name.padEnd(20)} reader ${middle(cpu).toFixed(0).padStart(6)} ms, producer ${middle(spent).toFixed(0).padStart(6)} ms of CPU per million; latency p50 ${middle(latency).toFixed(1).padStart(6)} us; lost ${middle(lost)}`,
    );
  }
  const ratio = (/** @type {'cpu' | 'latency'} */ what, /** @type {string} */ than) =>
    (middle(results.ours?.[what] ?? []) / middle(results[than]?.[what] ?? [])).toFixed(2);
  console.log(`  latency ${ratio('latency', 'epoll')} x C with epoll${rate === 1000 ? ' (target 1.2)' : ''}`);
  if (rate > 1000)
    console.log(
      `  CPU ${ratio('cpu', 'epoll')} x C with epoll (target 0.1), ${ratio('cpu', 'coalesce')} x C that coalesces (target 1.5)`,
    );
}

/**
 * @param {string} program
 * @param {string} how
 * @param {number} pid
 */
async function consumeInC(program, how, pid) {
  const c = new Child(program, [object]);
  await c.ask(`${how} ${pid}`);
  return () => {
    c.tell('start');
    return stop;
  };
  async function stop() {
    const [events = 0, cpu = 0, latency = 0] = (await c.ask('stop')).split(' ').map(Number);
    c.end();
    return { events, cpu, latency };
  }
}

/** @param {number} pid */
async function consumeHere(pid) {
  const bpf = await attached(pid, 1);
  const stop = new AbortController();
  /** @type {number[]} */
  const latencies = [];
  let events = 0;
  const reading = (async () => {
    try {
      for await (const batch of bpf.maps.events.batches({ signal: stop.signal })) {
        let sum = 0;
        let at = 0;
        const cursor = batch.cursor();
        while (cursor.next()) {
          sum += cursor.record.cpu + cursor.record.pid;
          if ((at++ & 15) === 0) latencies.push(Number(process.hrtime.bigint() - cursor.record.time) / 1e3);
        }
        events += batch.length;
        if (sum === 0) throw new Error('nothing was read');
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  })();
  return () => {
    events = latencies.length = 0;
    const before = process.cpuUsage();
    return async () => {
      await new Promise(resolve => setTimeout(resolve, 20));
      const { user, system } = process.cpuUsage(before);
      stop.abort();
      await reading;
      await bpf.close();
      return { events, cpu: (user + system) / 1e3, latency: middle(latencies) };
    };
  };
}

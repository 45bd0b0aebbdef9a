// Events beside C on libbpf, in one run: a filled ring drained, one event a millisecond, an even 200,000 a second.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { open } from '../../dist/index.js';

const object = fileURLToPath(new URL('../bpf/stream.bpf.o', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const burst = 500;
const ringBytes = 8 << 20;
const calls = Math.floor(ringBytes / 48 / burst);
const rounds = Number(process.env.LIBBPF_TS_ROUNDS ?? 21);
const seconds = Number(process.env.LIBBPF_TS_SECONDS ?? 2);

/** @typedef {{ time: bigint, sequence: bigint, cpu: number, pid: number, comm: string }} Event */
/** @typedef {import('../../dist/index.js').Batch<Event>} Batch */

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-bench-'));
  try {
    const program = join(folder, 'events');
    compileC(program);
    await drains(program);
    await live(program, 1000);
    await live(program, 200_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} program */
function compileC(program) {
  const { version } = JSON.parse(readFileSync(join(root, 'native/deps/libbpf.json'), 'utf8'));
  const libbpf = join(root, `build/deps/libbpf-${version}`);
  const libraries = execFileSync('node', [join(root, 'native/deps/libraries.mjs')], { encoding: 'utf8' });
  const folders = [`-I${libbpf}/src`, `-I${libbpf}/include/uapi`];
  const inputs = [join(root, 'test/bench/events.c'), join(root, 'build/Release/bpf.a')];
  execFileSync('gcc', ['-O2', '-g', ...folders, ...inputs, ...libraries.trim().split('\n'), '-o', program]);
}

/** How our own library takes a batch; each answers something, so that nothing is optimized away. */
const ways = {
  /** @param {Batch} batch */
  count: batch => batch.length,
  /** @param {Batch} batch */
  'fields, cursor': batch => {
    let sum = 0;
    const cursor = batch.cursor();
    while (cursor.next()) sum += cursor.record.cpu + cursor.record.pid;
    return sum;
  },
  /** @param {Batch} batch */
  'fields, columns': batch => {
    const { cpu, pid } = batch.columns('cpu', 'pid');
    let sum = 0;
    for (let i = 0; i < batch.length; i++)
      sum += /** @type {number} */ (cpu[i]) + /** @type {number} */ (pid[i]);
    return sum;
  },
  /** @param {Batch} batch */
  objects: batch => {
    let sum = 0;
    for (const event of batch) sum += event.cpu + event.pid + event.comm.length;
    return sum;
  },
  /** @param {Batch} batch */
  'columns, dictionary': batch => {
    const { cpu, pid, comm, time, sequence } = batch.columns('time', 'sequence', 'cpu', 'pid', 'comm');
    const { indices, values } = /** @type {import('../../dist/index.js').TextColumn} */ (comm);
    const lengths = values.map(text => text.length);
    let sum = time.length + sequence.length;
    for (let i = 0; i < batch.length; i++)
      sum +=
        /** @type {number} */ (cpu[i]) +
        /** @type {number} */ (pid[i]) +
        /** @type {number} */ (lengths[/** @type {number} */ (indices[i])]);
    return sum;
  },
};

/** @type {[name: string, way: keyof typeof ways | 'for await', command: string, target: string][]} */
const comparisons = [
  ['count', 'count', 'count', '1.2'],
  ['two fields, cursor', 'fields, cursor', 'fields', '2.5'],
  ['two fields, columns', 'fields, columns', 'fields', '2.5'],
  ['typed objects, in batches', 'objects', 'decode', '3.5'],
  ['all fields as columns', 'columns, dictionary', 'decode', '2.3'],
  ['typed objects, for await', 'for await', 'decode', '-'],
];

/** @param {string} program */
async function drains(program) {
  const c = new Child(program, [object]);
  const bpf = await attached(process.pid, burst);
  console.log(
    `a ring of ${calls * burst} events of 40 bytes, drained: nanoseconds per event, medians of ${rounds} rounds`,
  );
  /** @type {Map<string, { ours: number[], theirs: number[] }>} */
  const times = new Map(comparisons.map(([name]) => [name, { ours: [], theirs: [] }]));
  for (let round = -5; round < rounds; round++) {
    for (const [name, way, command] of comparisons) {
      const [theirs] = (await c.ask(command)).split(' ').map(Number);
      const ours = await drained(bpf, way);
      if (round < 0) continue;
      times.get(name)?.ours.push(ours);
      times.get(name)?.theirs.push(/** @type {number} */ (theirs));
    }
  }
  for (const [name, , , target] of comparisons) {
    const { ours, theirs } = /** @type {{ ours: number[], theirs: number[] }} */ (times.get(name));
    line(name, ours, theirs, target);
  }
  c.end();
  await bpf.close();
}

/**
 * @param {Awaited<ReturnType<typeof attached>>} bpf
 * @param {keyof typeof ways | 'for await'} way
 */
async function drained(bpf, way) {
  for (let call = 0; call < calls; call++) void process.ppid;
  const ring = bpf.maps.events;
  const total = calls * burst;
  let seen = 0;
  let kept = 0;
  // A turn's beginning is not what is measured.
  await new Promise(resolve => setImmediate(resolve));
  const start = performance.now();
  if (way === 'for await') {
    for await (const event of ring) {
      kept += event.pid;
      if (++seen === total) break;
    }
  } else {
    for await (const batch of ring.batches()) {
      kept += ways[way](batch);
      seen += batch.length;
      if (seen === total) break;
    }
  }
  const time = performance.now() - start;
  if (kept === 0) throw new Error('nothing was read');
  return (time / total) * 1e6;
}

/**
 * Live events at an even rate: C that sleeps after each drain, C that coalesces, and ours.
 *
 * @param {string} program
 * @param {number} rate
 */
async function live(program, rate) {
  /** @type {Record<string, { cpu: number[], latency: number[], spent: number[], lost: number[] }>} */
  const results = {};
  for (let round = 0; round < 3; round++) {
    for (const who of ['epoll', 'coalesce', 'ours']) {
      const producer = new Child(program, [String(rate), String(seconds)]);
      const pid = Number(await producer.line());
      const start = who === 'ours' ? await consumeHere(pid) : await consumeInC(program, who, pid);
      // Compilers and collectors have done their first work when the measurement begins.
      await producer.ask('go');
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
  console.log(`\nan even ${rate} events a second for ${seconds} s, medians of 3 rounds`);
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

/**
 * @param {number} pid
 * @param {number} events for each call
 */
async function attached(pid, events) {
  const opened = await open(object, {
    globals: { rodata: { target_pid: pid, watched: 110n }, data: { burst: events } },
  });
  const { events: ring } = opened.maps;
  if (ring === undefined) throw new Error('the object has no ring');
  ring.maxEntries = ringBytes;
  const bpf = await opened.load();
  await bpf.attach();
  return /** @type {typeof bpf & { maps: { events: import('../../dist/index.js').RingBuffer<Event> } }} */ (
    bpf
  );
}

/** A C process that answers lines. */
class Child {
  /** @type {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, null>} */
  #process;
  /** @type {AsyncIterator<string>} */
  #lines;

  /**
   * @param {string} program
   * @param {string[]} args
   */
  constructor(program, args) {
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async line() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the C program ended');
    return value;
  }

  /** @param {string} command */
  tell(command) {
    this.#process.stdin.write(`${command}\n`);
  }

  /** @param {string} command */
  ask(command) {
    this.tell(command);
    return this.line();
  }

  end() {
    this.#process.stdin.end();
  }
}

/**
 * @param {string} name
 * @param {number[]} ours
 * @param {number[]} theirs
 * @param {string} target
 */
function line(name, ours, theirs, target) {
  const [median, low] = [middle, quick].map(of => (of(ours) / of(theirs)).toFixed(2));
  const times = `${middle(ours).toFixed(2).padStart(7)} ns   C ${middle(theirs).toFixed(2).padStart(6)} ns`;
  console.log(`  ${name.padEnd(28)} ${times}   ${median} x, 10th percentiles ${low} x (target ${target})`);
}

/** @param {number[]} values */
function quick(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 10)] ?? Number.NaN;
}

/** @param {number[]} values */
function middle(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

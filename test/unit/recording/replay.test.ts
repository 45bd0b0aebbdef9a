/** Recordings: what comes back is what was recorded, and what is damaged is told. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { bytes, encode, struct, text, u32, u64 } from '../../../lib/codec/index.js';
import { Events } from '../../../lib/events/events.js';
import { replay } from '../../../lib/events/recording/replay.js';
import { PushedSource } from '../../../lib/testing/pushed-source.js';

const Event = struct<{ time: bigint; pid: number; comm: string }>('struct event', 32, {
  time: [0, u64],
  pid: [8, u32],
  comm: [16, text(16)],
});
const events = Array.from({ length: 5000 }, (_, pid) => ({
  time: BigInt(pid) << 33n,
  pid,
  comm: `c${pid % 9}`,
}));
const folder = mkdtempSync(join(tmpdir(), 'recording-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const newFile = () => join(folder, `${files++}.bpfrec`);

/** Records of a ring that is read whenever it is full: several batches. */
async function recorded(records: readonly Uint8Array[], path = newFile()): Promise<string> {
  const source = new PushedSource('ring buffer events', 16_384);
  const stream = new Events(source, Event);
  stream.record(path);
  const bare = stream.as(bytes());
  for (const record of records) {
    if (source.push(record)) continue;
    bare.drain();
    source.push(record);
  }
  bare.drain();
  stream.closeSync();
  return path;
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('a recording', () => {
  it('gives the same events in every form, and what was lost', async () => {
    const source = new PushedSource('ring buffer events', 4096);
    const stream = new Events(source, Event);
    const recording = stream.record(newFile());
    const pushed = events.filter(event => source.push(encode(Event, event)));
    for await (const { pid } of stream) if (pid === pushed.length - 1) break;
    stream.closeSync();
    expect(recording).toMatchObject({ closed: true, records: pushed.length });
    const { path } = recording;
    expect(await all(replay(path, Event))).toEqual(pushed);
    expect(replay(path, Event).drain()).toEqual(pushed);
    expect(await all(replay(path, { value: Event }).queue({ capacity: 9999, drop: 'newest' }))).toEqual(
      pushed,
    );
    const replayed = replay(path, Event);
    for await (const batch of replayed.batches({ batchSize: 50 })) {
      const { pid, comm } = batch.columns('pid', 'comm');
      expect([...pid]).toEqual(batch.records().map(event => event.pid));
      expect(comm).toHaveProperty('indices');
    }
    const lost = events.length - pushed.length;
    expect(replayed.stats()).toMatchObject({ produced: 5000, dropped: lost, delivered: pushed.length });
    const heard: number[] = [];
    await new Promise<void>(resolve => {
      replay(path, Event)
        .on('event', ({ pid }) => heard.push(pid))
        .on('end', () => resolve());
    });
    expect(heard).toEqual(pushed.map(({ pid }) => pid));
  });

  it('keeps bytes of any length, batch by batch', async () => {
    const lengths = fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(lengths, async records => {
        expect(await all(replay(await recorded(records)))).toEqual(records);
      }),
      { numRuns: 30 },
    );
  });

  it('knows when it was made, and its stamps', async () => {
    const before = Date.now();
    const path = await recorded([encode(Event, { time: process.hrtime.bigint(), pid: 1, comm: 'a' })]);
    const replayed = replay(path, Event);
    const [event] = await all(replayed);
    expect(replayed.subject).toBe('ring buffer events');
    expect(replayed.recordedAt.getTime()).toBeGreaterThanOrEqual(before - 1);
    const date = replayed.clock.monotonic.toDate(event?.time ?? 0n).getTime();
    expect(Math.abs(date - before)).toBeLessThan(60_000);
  });

  it('keeps its pauses where that is asked for', async () => {
    const path = newFile();
    const source = new PushedSource('ring buffer events', 4096);
    const stream = new Events(source, bytes());
    stream.record(path);
    const loop = stream.events();
    for (const pause of [0, 60]) {
      await new Promise(resolve => setTimeout(resolve, pause));
      source.push(new Uint8Array(8));
      await loop.next();
    }
    stream.closeSync();
    const began = performance.now();
    expect(await all(replay(path, bytes(), { speed: 1 }))).toHaveLength(2);
    expect(performance.now() - began).toBeGreaterThan(50);
  });

  it('is one at a time, and ends before its stream', async () => {
    const stream = new Events(new PushedSource('ring buffer events', 4096), bytes());
    const first = stream.record(newFile());
    expect(() => stream.record(newFile())).toThrow(/ERR_BPF_BUSY, another recording/);
    first.close();
    first.close();
    stream.record(newFile()).closeSync();
    expect(await all(replay(first.path))).toEqual([]);
    expect(() => stream.record('/nowhere/file')).toThrow(
      /record ring buffer events to \/nowhere\/file: ENOENT/,
    );
  });
});

describe('a file', () => {
  const records = events.slice(0, 50).map(event => encode(Event, event));

  it('that is none, or of another form, is refused', async () => {
    const write = (content: string | Uint8Array) => {
      const path = newFile();
      writeFileSync(path, content);
      return () => replay(path);
    };
    expect(write('')).toThrow(/ERR_BPF_RECORDING, it is no recording/);
    expect(write('something else altogether')).toThrow(/it is no recording/);
    expect(() => replay('/nowhere')).toThrow(/replay \/nowhere: ENOENT/);
    expect(() => replay(folder)).toThrow(/EISDIR/);
    const whole = readFileSync(await recorded(records));
    expect(write(whole.subarray(0, 8))).toThrow(/the file ends at byte 8/);
    const path = await recorded(records);
    expect(() => replay(path, Event, { speed: 0 })).toThrow(/ERR_BPF_ARGUMENT, speed takes a number above 0/);
  });

  it('with records of another type is refused', async () => {
    const path = await recorded(records);
    const wider = struct<{ time: bigint }>('struct event', 40, { time: [32, u64] });
    const moved = struct<{ pid: number }>('struct event', 32, { pid: [4, u32] });
    const other = struct<{ uid: number }>('struct event', 32, { uid: [8, u32] });
    expect(() => replay(path, wider)).toThrow(/struct event has 40 bytes, struct event was recorded with 32/);
    expect(() => replay(path, moved)).toThrow(/was recorded with pid at byte 8, not 4/);
    expect(() => replay(path, other)).toThrow(/was recorded without member uid/);
    const fewer = struct<{ pid: number }>('struct event', 16, { pid: [8, u32] });
    expect((await all(replay(path, fewer))).map(({ pid }) => pid)).toEqual(
      events.slice(0, 50).map(e => e.pid),
    );
  });

  it('that was cut off gives what is whole, then says so', async () => {
    const whole = readFileSync(await recorded(records));
    for (let size = 0; size < whole.length; size += 37) {
      const path = newFile();
      writeFileSync(path, whole.subarray(0, size));
      const got: Uint8Array[] = [];
      const reading = (async () => {
        for await (const record of replay(path)) got.push(record);
      })();
      await expect(reading).rejects.toMatchObject({ code: 'ERR_BPF_RECORDING' });
      expect(got).toEqual(records.slice(0, got.length));
    }
  });

  it('that was damaged anywhere is an error, and never a wrong event', async () => {
    const whole = readFileSync(await recorded(records));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        const path = newFile();
        writeFileSync(path, damaged);
        const reading = (async () => all(replay(path)))();
        await expect(reading).rejects.toMatchObject({ code: 'ERR_BPF_RECORDING' });
      }),
      { numRuns: 200 },
    );
  });
});

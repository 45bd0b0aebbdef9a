/** All memory that is mapped, with pages of the size that this machine has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createMapSync } from 'libbpf-ts';
import { map, u8, u32, u64 } from 'libbpf-ts/codec';
import { built } from './built.ts';

const { arena } = await built<typeof import('../bpf/arena.bpf.js')>('arena');
const { memory } = await built<typeof import('../bpf/memory.bpf.js')>('memory');
const { perf } = await built<typeof import('../bpf/perf.bpf.js')>('perf');
const { stream } = await built<typeof import('../bpf/stream.bpf.js')>('stream');
const { userRing } = await built<typeof import('../bpf/user_ring.bpf.js')>('user_ring');

const page = Number(process.env.PAGE_SIZE);
const getppid = 173;
const watched = { target_pid: process.pid, watched: BigInt(getppid) };

function callGetppid(count: number): void {
  for (let call = 0; call < count; call++) void process.ppid;
}

/** How often memory of maps and perf events is mapped into this process. */
function mappings(): number {
  return readFileSync('/proc/self/maps', 'utf8').match(/anon_inode:/g)?.length ?? 0;
}

const before = mappings();

afterEach(async () => {
  await setImmediate();
  assert.equal(mappings(), before);
});

it('is a machine with such pages', () => {
  const [, size] = /KernelPageSize: +(\d+) kB/.exec(readFileSync('/proc/self/smaps', 'utf8')) ?? [];
  assert.equal(Number(size) * 1024, page);
});

describe('a ring buffer', () => {
  it('of one byte gets a page, and one of more than three pages gets four', async () => {
    for (const [bytes, size] of [
      [1, page],
      [page, page],
      [3 * page + 1, 4 * page],
    ] as const) {
      // biome-ignore format: a table
      using ring = createMapSync(map('ringbuf'), { maxEntries: bytes });
      using userRing = createMapSync(map('user_ringbuf'), { maxEntries: bytes });
      assert.deepEqual([ring.info.maxEntries, userRing.info.maxEntries], [size, size]);
      const opened = await stream.open();
      opened.maps.events.maxEntries = bytes;
      await using bpf = await opened.load();
      assert.equal(bpf.maps.events.info.maxEntries, size);
    }
  });

  it('of one page gives every record, however often it wraps around', async () => {
    const opened = await stream.open();
    opened.maps.events.maxEntries = 1;
    opened.assign({ rodata: watched, data: { burst: 20 } });
    await using bpf = await opened.load();
    await bpf.attach();
    const next = new Map<number, bigint>();
    for (let turn = 0; turn < 100; turn++) {
      callGetppid(1);
      for (const { cpu, sequence } of bpf.maps.events.drain()) {
        assert.equal(sequence, next.get(cpu) ?? 0n);
        next.set(cpu, sequence + 1n);
      }
    }
    assert.equal(
      [...next.values()].reduce((sum, count) => sum + count),
      2000n,
    );
  });

  it('gives records that are as long as a page or a little more or less, byte for byte', async () => {
    const opened = await stream.open();
    opened.maps.blobs.maxEntries = 2 * page;
    opened.assign({ rodata: watched });
    await using bpf = await opened.load();
    await bpf.attach();
    const bytes = Uint8Array.from({ length: 65_528 }, (_, at) => at * 7);
    bpf.maps.pattern.set(0, { sequence: 0n, bytes });
    for (const size of [page - 16, page - 8, page - 1, page, page + 1, 2 * page - 16]) {
      bpf.globals.bss.size = size;
      callGetppid(1);
      const [record] = bpf.maps.blobs.drain();
      assert.deepEqual(
        Buffer.from(record?.bytes ?? []).subarray(0, size - 8),
        Buffer.from(bytes.subarray(0, size - 8)),
      );
    }
  });
});

describe('a user ring buffer', () => {
  it('of one page has room for a page, and wraps around', async () => {
    const opened = await userRing.open();
    opened.maps.commands.maxEntries = 1;
    opened.assign({ rodata: watched });
    await using bpf = await opened.load();
    await bpf.attach();
    const { commands, records } = bpf.maps;
    for (let turn = 0; turn < 3; turn++) {
      let sent = 0;
      const send = () => commands.send({ number: BigInt(sent), kind: turn, name: 'filled' });
      assert.throws(() => { for (;;) { send(); sent++; } }, { code: 'ENOSPC' }); // biome-ignore format: one line
      assert.equal(sent, Math.floor(page / 40));
      bpf.globals.bss.drained = 0;
      callGetppid(1);
      assert.deepEqual([bpf.globals.bss.drained, bpf.globals.bss.answer], [sent, BigInt(sent)]);
      const { bytes, size } = records.get(sent - 1) ?? { bytes: new Uint8Array(8) };
      assert.deepEqual([size, Buffer.from(bytes).readBigUInt64LE()], [32, BigInt(sent - 1)]);
    }
    assert.throws(() => commands.reserve(page), {
      code: 'E2BIG',
      message: new RegExp(`room for ${page} bytes`),
    });
  });
});

describe('a perf buffer', () => {
  it('is rounded up to pages, and gives every record, however often it wraps around', async () => {
    await using bpf = await perf.load({ rodata: watched });
    await bpf.attach();
    for (const bytes of [1, page, page + 1]) {
      using buffer = bpf.maps.samples.open({ bytes });
      const first = bpf.globals.bss.produced;
      const sequences: bigint[] = [];
      for (let turn = 0; turn < 40; turn++) {
        callGetppid(30);
        sequences.push(...buffer.drain().map(({ sequence }) => sequence));
      }
      assert.deepEqual(
        [bpf.globals.bss.refused, bpf.globals.bss.refusal, buffer.stats().dropped],
        [0n, 0n, 0],
      );
      const expected = Array.from({ length: 1200 }, (_, number) => first + BigInt(number));
      assert.deepEqual(
        sequences.sort((a, b) => Number(a - b)),
        expected,
      );
    }
  });
});

describe('a mapped array', () => {
  it('of any size is read and written to its last element', () => {
    for (const count of [1, 3, page / 8, page / 8 + 1, page]) {
      using array = createMapSync(map('array', u32, u64), { maxEntries: count, flags: ['mmapable'] });
      using bytes = createMapSync(map('array', u32, u8), { maxEntries: count, flags: ['mmapable'] });
      using numbers = array.mmap();
      using small = bytes.mmap();
      numbers.set(count - 1, 2n ** 63n);
      small.set(count - 1, 77);
      assert.deepEqual([array.get(count - 1), bytes.get(count - 1)], [2n ** 63n, 77]);
      assert.throws(() => numbers.get(count), { code: 'ERR_BPF_ARGUMENT' });
      assert.throws(() => small.set(count, 1), { code: 'ERR_BPF_ARGUMENT' });
    }
  });

  it('is what the program writes, and so are variables', async () => {
    const bpf = await memory.load({ rodata: watched });
    await bpf.attach();
    const pairs = bpf.maps.pairs.mmap();
    pairs.set(2, { left: 10, right: 0n });
    callGetppid(5);
    assert.deepEqual(pairs.get(2), { left: 15, right: bpf.globals.data.wide });
    assert.deepEqual([bpf.globals.bss.calls, bpf.globals['data.tuning'].answer], [5n, 42n]);
    const { data } = bpf.globals;
    await bpf.close();
    assert.throws(() => pairs.get(2), { code: 'ERR_BPF_CLOSED' });
    assert.throws(() => data.wide, { code: 'ERR_BPF_CLOSED' });
  });
});

describe('an arena', () => {
  it('has pages of this size, which programs and this process share', async () => {
    const opened = await arena.open();
    opened.assign({ rodata: watched, data: { wanted: 4 } });
    await using bpf = await opened.load();
    const shared = bpf.maps.arena;
    assert.deepEqual([shared.info.maxEntries * page, shared.offsetOf(shared.address)], [shared.size, 0]);
    await (await bpf.programs.list.attach()).text();
    using numbers = shared.mmap(u64);
    const found: bigint[][] = [];
    for (let at = bpf.globals.bss.head; at !== 0n; ) {
      const offset = shared.offsetOf(at);
      found.push([numbers.get(offset / 8), BigInt(offset % page)]);
      at = numbers.get(offset / 8 + 1);
    }
    assert.deepEqual(found, [[13n, 0n], [12n, 0n], [11n, 0n], [10n, 0n]]); // biome-ignore format: a table
    const last = shared.size / 8 - 1;
    numbers.set(last, 0n); // there is no page before it is used
    bpf.globals.bss.counter = shared.address + BigInt(last * 8);
    await bpf.programs.count.attach();
    callGetppid(2);
    assert.equal(numbers.get(last), 10n);
    assert.throws(() => numbers.get(last + 1), { code: 'ERR_BPF_ARGUMENT' });
  });

  it('keeps the variables that the program adds to', async () => {
    await using bpf = await arena.load({ rodata: watched });
    await bpf.programs.sum.attach();
    callGetppid(2);
    const { tally, marks } = bpf.globals.arena;
    assert.deepEqual([tally.step, tally.name, tally.total, [...marks]], [5, 'calls', 10n, [1n, 2n]]);
  });
});

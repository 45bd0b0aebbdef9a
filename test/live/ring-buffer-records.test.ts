/** What C wrote is what JavaScript sees in every form: byte for byte, in order, whatever the size. */
import { randomFillSync } from 'node:crypto';
import type { Batch } from 'libbpf-ts';
import { decode, s32, struct, tagged } from 'libbpf-ts/codec';
import { beforeEach, describe, expect, it } from 'vitest';
import { Event, Kind, Opened } from '../bpf/stream.bpf.js';
import { callGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';
import { attachedStream, type Stream } from '../support/stream.js';

/** Hands over all that is there now, in batches. */
async function eachBatch<Name extends 'events' | 'blobs'>(
  bpf: Stream,
  name: Name,
  each: (batch: Batch<Name extends 'events' ? Event : unknown>) => void,
): Promise<void> {
  if (bpf.maps[name].available === 0) return;
  for await (const batch of bpf.maps[name].batches({ batchSize: 100 })) {
    each(batch as Batch<never>);
    if (bpf.maps[name].available === 0) break;
  }
}

/** 8 bytes to 64 KiB, most of them small, never a pattern. */
function sizes(count: number): number[] {
  let state = 12345;
  return Array.from({ length: count }, (_, i) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    const most = i % 10 === 0 ? 65_536 : i % 3 === 0 ? 4096 : 64;
    return 8 + (state % (most - 7));
  });
}

describe('records of a ring buffer', () => {
  beforeEach(context => need(context, 'ringbuf'));

  it('have the bytes that were written, at every size and across the end of the memory', async () => {
    await using bpf = await attachedStream();
    const pattern = randomFillSync(new Uint8Array(65_536 - 8));
    bpf.maps.pattern.set(0, { sequence: 0n, bytes: pattern });
    const written = [8, 9, 15, 16, 17, 65_535, 65_536, ...sizes(300)];
    const seen: Uint8Array[] = [];
    for (const size of written) {
      bpf.globals.bss.size = size;
      callGetppid(1);
      if (bpf.maps.blobs.available > 128 * 1024)
        await eachBatch(bpf, 'blobs', batch => seen.push(...batch.raw()));
    }
    await eachBatch(bpf, 'blobs', batch => seen.push(...batch.raw()));
    expect(seen.map(({ length }) => length)).toEqual(written);
    seen.forEach((bytes, at) => {
      expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(at + 1));
      expect(Buffer.compare(bytes.subarray(8), pattern.subarray(0, bytes.length - 8)), `record ${at}`).toBe(
        0,
      );
    });
    expect(bpf.maps.blobs.stats()).toMatchObject({ produced: written.length, dropped: 0, waiting: 0 });
  });

  it('are the same as objects, by cursor, as columns and as bytes', async () => {
    await using bpf = await attachedStream(100);
    callGetppid(3);
    const forms = {
      objects: [] as Event[],
      cursor: [] as Event[],
      columns: [] as Event[],
      raw: [] as Event[],
    };
    await eachBatch(bpf, 'events', batch => {
      forms.objects.push(...batch);
      const cursor = batch.cursor();
      while (cursor.next()) forms.cursor.push({ ...cursor.record });
      forms.columns.push(...rows(batch));
      forms.raw.push(...batch.raw().map(bytes => decode(Event, bytes)));
    });
    expect(forms.objects).toHaveLength(300);
    expect(forms.objects.map(({ comm }) => comm)).toEqual(Array(300).fill('node'));
    expect(forms.cursor).toEqual(forms.objects);
    expect(forms.columns).toEqual(forms.objects);
    expect(forms.raw).toEqual(forms.objects);
  });

  it('leave out what the program discarded, which is counted', async () => {
    await using bpf = await attachedStream(100);
    bpf.globals.bss.discard_every = 3;
    callGetppid(20);
    const seen: bigint[] = [];
    await eachBatch(bpf, 'events', batch => seen.push(...Array.from(batch, ({ sequence }) => sequence)));
    const { produced = 0, dropped, discarded = 0, delivered } = bpf.maps.events.stats();
    expect(
      seen.every((sequence, at) => sequence % 3n !== 0n && (at === 0 || sequence > (seen[at - 1] ?? 0n))),
    ).toBe(true);
    expect(dropped).toBe(0);
    expect(discarded).toBeGreaterThan(600);
    expect(delivered + discarded).toBe(produced);
  });

  it('of several types are told apart by their tag; an unknown one is named and passed over', async () => {
    await using bpf = await attachedStream();
    bpf.globals.bss.mixed = 2;
    callGetppid(2);
    const Closed = struct<{ kind: Kind; error: number }>('struct closed', 8, {
      kind: [0, Kind],
      error: [4, s32],
    });
    const mixed = bpf.maps.kinds.as(tagged('kind', { KIND_OPENED: Opened, KIND_CLOSED: Closed }));
    const seen: (string | number)[] = [];
    const errors: string[] = [];
    while (mixed.stats().delivered < 6) {
      try {
        for await (const event of mixed) {
          if (event.kind === 'KIND_OPENED') seen.push(event.name, event.number);
          else seen.push(event.error);
          if (mixed.stats().delivered === 6) break;
        }
      } catch (error) {
        errors.push((error as Error).message);
      }
    }
    expect(seen).toEqual(['opened', 0, -2, 'opened', 1, -2]);
    const text =
      'read struct opened | struct closed: ERR_BPF_RECORD, no type has kind 4 (there are types for KIND_OPENED, KIND_CLOSED)';
    expect(errors).toEqual([text, text]);
  });

  it('shorter than their type are an error that names both, and the loop can go on', async () => {
    await using bpf = await attachedStream();
    bpf.globals.bss.mixed = 1;
    callGetppid(1);
    const errors: unknown[] = [];
    const seen: unknown[] = [];
    const ended = new Promise(resolve => bpf.maps.kinds.on('end', () => resolve(undefined)));
    bpf.maps.kinds.on('error', error => errors.push(error));
    bpf.maps.kinds.on('event', event => seen.push(event));
    while (bpf.maps.kinds.stats().delivered < 2) await new Promise(resolve => setTimeout(resolve, 5));
    await bpf.close();
    await ended;
    expect(seen).toEqual([{ kind: 'KIND_OPENED', number: 0, name: 'opened' }]);
    expect(errors).toMatchObject([
      { code: 'ERR_BPF_RECORD', message: expect.stringContaining('needs 16 bytes, got 8') },
    ]);
  });

  it('outlive their batch; the batch itself says when its memory is taken', async () => {
    await using bpf = await attachedStream(50);
    callGetppid(4);
    let first: Batch<Event> | undefined;
    let kept: Event[] = [];
    for await (const batch of bpf.maps.events.batches({ batchSize: 100 })) {
      if (first !== undefined) break;
      first = batch;
      kept = batch.records();
    }
    expect(kept.map(({ sequence }) => sequence - (kept[0]?.sequence ?? 0n)).at(-1)).toBe(99n);
    expect(() => first?.records()).toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
  });
});

function rows(batch: Batch<Event>): Event[] {
  const { time, sequence, cpu, pid, comm } = batch.columns('time', 'sequence', 'cpu', 'pid', 'comm');
  if (!('indices' in comm)) throw new Error('texts have no dictionary');
  return Array.from({ length: batch.length }, (_, i) => ({
    time: time[i] ?? 0n,
    sequence: sequence[i] ?? 0n,
    cpu: cpu[i] ?? -1,
    pid: pid[i] ?? -1,
    comm: comm.values[comm.indices[i] ?? -1] ?? '',
  }));
}

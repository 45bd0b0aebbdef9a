/** Flexible arrays that begin before their struct's padding, in records and variables; records too short among good ones. */
import { execFileSync } from 'node:child_process';
import type { LoadedObject } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { tails } from '../bpf/tails.bpf.js';
import { program } from '../support/program.js';

const packet = new Uint8Array(64);

/** `sizeof` and `offsetof` as a C compiler has them: the least that a record may have, and more. */
const [size = 0, least = 0] = execFileSync(
  program(`#include <stddef.h>
#include <stdio.h>
struct event { unsigned long long sequence; unsigned length; unsigned char data[]; };
int main(void) { printf("%zu %zu", sizeof(struct event), offsetof(struct event, data)); return 0; }`),
  { encoding: 'utf8' },
)
  .split(' ')
  .map(Number);

type Tails = LoadedObject<typeof tails.description>;

/** Has the program write a record of each length, whose bytes count upwards. */
function emit({ globals, programs }: Tails, lengths: readonly number[]): void {
  globals.bss.record.set(Uint8Array.from({ length: 64 }, (_, index) => index));
  for (const length of lengths) {
    globals.bss.size = length;
    expect(programs.emit.testRunSync({ data: packet }).retval).toBe(2);
  }
}

/** What the program wrote. */
function written(length: number, sequence: number) {
  const data = Uint8Array.from({ length: length - least }, (_, index) => least + index);
  return { sequence: BigInt(sequence), length, data };
}

const good = [least, least + 1, size - 1, size, size + 1, 40];
const bad = [8, least - 1];

describe('records with a tail of few bytes', () => {
  it('are read in every form', async () => {
    expect([size, least]).toEqual([16, 12]);
    await using bpf = await tails.load();
    const { events } = bpf.maps;
    const wanted = (from: number) => good.map((length, index) => written(length, from + index));
    emit(bpf, good);
    expect(events.drain()).toEqual(wanted(0));
    emit(bpf, good);
    for await (const batch of events.batches()) {
      expect(batch.records()).toEqual(wanted(good.length));
      const { sequence, data } = batch.columns('sequence', 'data');
      expect([[...sequence], data]).toEqual([
        wanted(good.length).map(each => each.sequence),
        wanted(good.length).map(each => each.data),
      ]);
      const cursor = batch.cursor();
      const seen = [];
      while (cursor.next()) seen.push({ ...cursor.record });
      expect(seen).toEqual(wanted(good.length));
      break;
    }
    emit(bpf, good);
    const read = [];
    for await (const event of events) if (read.push(event) === good.length) break;
    expect(read).toEqual(wanted(2 * good.length));
  });

  it('all of one length are read too', async () => {
    await using bpf = await tails.load();
    emit(bpf, [least + 1, least + 1]);
    for await (const batch of bpf.maps.events.batches()) {
      expect(batch.records()).toEqual([written(least + 1, 0), written(least + 1, 1)]);
      break;
    }
  });
});

const mixed = [bad[0], good[0], good[1], bad[1], bad[0], good[2]] as number[];
const wanted = [1, 2, 5].map(index => written(mixed[index] ?? 0, index));
const short = (length: number) => `read struct event: ERR_BPF_RECORD, needs ${least} bytes, got ${length}`;
const complaints = [bad[0], bad[1], bad[0]].map(length => expect.stringContaining(short(length ?? 0)));

describe('a record that is too short', () => {
  it.each(['records', 'columns'] as const)(
    'does not take those around it with it: %s of a batch',
    async form => {
      await using bpf = await tails.load();
      emit(bpf, mixed);
      const seen: unknown[] = [];
      const errors: string[] = [];
      for await (const batch of bpf.maps.events.batches()) {
        try {
          if (form === 'records') seen.push(...batch);
          else seen.push(...batch.columns('length').length);
        } catch (error) {
          errors.push((error as Error).message);
        }
        if (seen.length === wanted.length) break;
      }
      expect(seen).toEqual(form === 'records' ? wanted : wanted.map(({ length }) => length));
      expect(errors).toEqual(complaints);
    },
  );

  it('does not take those around it with it: drain', async () => {
    await using bpf = await tails.load();
    emit(bpf, mixed);
    const seen: unknown[] = [];
    const errors: string[] = [];
    while (seen.length < wanted.length) {
      try {
        seen.push(...bpf.maps.events.drain());
      } catch (error) {
        errors.push((error as Error).message);
      }
    }
    expect(seen).toEqual(wanted);
    expect(errors).toEqual(complaints);
    expect(bpf.maps.events.drain()).toEqual([]);
  });

  it('leaves a batch usable in more than one form', async () => {
    await using bpf = await tails.load();
    emit(bpf, [good[0], good[1], bad[0]] as number[]);
    for await (const batch of bpf.maps.events.batches()) {
      expect(batch.length).toBe(3);
      expect(batch.records()).toHaveLength(2);
      expect([batch.length, batch.columns('length').length.length, batch.raw().length]).toEqual([2, 2, 2]);
      break;
    }
    expect(() => bpf.maps.events.drain()).toThrow(short(8));
    expect(bpf.maps.events.drain()).toEqual([]);
  });
});

describe('an initialised variable with a flexible array', () => {
  it('shows its elements, as the program has them', async () => {
    await using bpf = await tails.load();
    const { data, rodata, bss } = bpf.globals;
    expect(data.three).toEqual({ sum: 24n, count: 3, items: [7, 8, 9] });
    // The array begins in the padding of its struct, which has room for three.
    expect(data.none).toEqual({ sum: 1n, count: 0, items: [0, 0, 0] });
    expect(Buffer.from(data.hello.data).toString()).toMatch(/^hello\0/);
    expect(rodata.fixed).toEqual({ sum: 3n, count: 2, items: [1, 2, 0] });
    data.three.items[2] = 900;
    bpf.programs.add.testRunSync({ data: packet });
    expect(bss.added).toBe(7 + 8 + 900 + 1 + 2 + 'o'.charCodeAt(0));
  });
});

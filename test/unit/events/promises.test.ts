/** What loops promise: a pause that came before them, a signal that they let go of, batches of as many as are asked for. */
import { getEventListeners } from 'node:events';
import { setImmediate as around } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { u32 } from '../../../lib/codec/index.js';
import { Events } from '../../../lib/events/events.js';
import { lineCodec } from '../../../lib/events/line-codec.js';
import { LineSource } from '../../../lib/output/line-source.js';
import { PushedSource } from '../../../lib/testing/pushed-source.js';

const word = (number: number) => new Uint8Array(Uint32Array.of(number).buffer);

it('a pause before a loop holds for it', async () => {
  const source = new PushedSource('ring buffer numbers', 4096);
  const events = new Events(source, u32);
  events.pause();
  source.push(word(1));
  let isKept = false;
  const next = events.events().next();
  void next.then(() => (isKept = true));
  for (let turn = 0; turn < 5; turn++) await around();
  expect(isKept).toBe(false);
  events.resume();
  expect(await next).toEqual({ done: false, value: 1 });
});

it.each(['return', 'end', 'break'])('one signal for many loops is let go of by each: %s', async way => {
  const { signal } = new AbortController();
  for (let time = 0; time < 3; time++) {
    const source = new PushedSource('ring buffer numbers', 4096);
    const events = new Events(source, u32);
    source.push(word(1));
    const loop = events.events({ signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    if (way === 'break') for await (const _ of loop) break;
    else if (way === 'return') await loop.return?.();
    else source.closeSync();
    while (!(await loop.next()).done);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  }
});

it('lines come in batches of as many as are asked for', async () => {
  const texts = [Buffer.from('a\nb\nc\n'), Buffer.from('d\n'), Buffer.from('e\n')];
  const source = new LineSource({
    subject: 'lines',
    read: bytes => texts.shift()?.copy(bytes) ?? -1,
    wants: () => true,
    counts: () => ({}),
    close: () => {},
  });
  const sizes: number[] = [];
  for await (const batch of new Events(
    source,
    lineCodec('line', text => text),
  ).batches({ batchSize: 3 }))
    sizes.push(batch.records().length);
  expect(sizes).toEqual([3, 2]);
});

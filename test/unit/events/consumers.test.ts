/** Consumers that throw, leave and listen: what they lose, and that it is counted. */
import { getEventListeners } from 'node:events';
import { setImmediate as around } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { u32 } from '../../../lib/codec/index.js';
import type { Batch } from '../../../lib/events/batch.js';
import { type EventStream, Events } from '../../../lib/events/events.js';
import type { Memory } from '../../../lib/events/memory.js';
import type { Limits } from '../../../lib/events/source.js';
import { PushedSource } from '../../../lib/testing/pushed-source.js';
import { temporary } from '../../support/temporary.js';

function pushed(source: PushedSource, ...numbers: readonly number[]): void {
  for (const number of numbers) source.push(new Uint8Array(Uint32Array.of(number).buffer));
}

function stream(): { source: PushedSource; events: EventStream<number> } {
  const source = new PushedSource('ring buffer numbers', 4096);
  return { source, events: new Events(source, u32) };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await around();
}

afterEach(() => void vi.unstubAllGlobals());

describe('a loop over batches', () => {
  it.each<[string, (batch: Batch<number>) => void]>([
    ['at once', () => {}],
    [
      'in the middle',
      batch => {
        for (const number of batch) if (number === 2) break;
      },
    ],
    ['at a cursor', batch => batch.cursor().next()],
  ])('that throws %s has abandoned its batch, counted', async (_, use) => {
    const { source, events } = stream();
    pushed(source, 1, 2, 3);
    const loop = async () => {
      for await (const batch of events.batches()) {
        use(batch);
        throw new Error('planned');
      }
    };
    await expect(loop()).rejects.toThrow('planned');
    expect(events.stats()).toMatchObject({ produced: 3, delivered: 0, abandoned: 3 });
  });

  it.each<[string, (batch: Batch<number>) => unknown]>([
    ['objects', batch => batch.records()],
    ['bytes', batch => batch.raw()],
    ['a loop to the end', batch => Array.from(batch)],
  ])('that breaks off when it has read its batch as %s had it', async (_, use) => {
    const { source, events } = stream();
    pushed(source, 1, 2, 3);
    for await (const batch of events.batches()) {
      use(batch);
      break;
    }
    expect(events.stats()).toMatchObject({ produced: 3, delivered: 3, abandoned: 0 });
  });

  it('that comes back for more had its batch', async () => {
    const { source, events } = stream();
    pushed(source, 1, 2, 3);
    const seen: number[] = [];
    for await (const batch of events.batches({ batchSize: 2 })) {
      if (seen.push(...batch.records()) === 3) source.closeSync();
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(events.stats()).toMatchObject({ produced: 3, delivered: 3, abandoned: 0 });
  });
});

describe('a loop over events that throws', () => {
  it('has lost the one event; the rest of the batch goes to the next loop', async () => {
    const { source, events } = stream();
    pushed(source, 1, 2, 3);
    const broken = async () => {
      for await (const event of events) throw new Error(`at ${event}`);
    };
    await expect(broken()).rejects.toThrow('at 1');
    const { value } = await events.events().next();
    expect(value).toBe(2);
    expect(events.stats()).toMatchObject({ delivered: 2, abandoned: 0 });
  });
});

describe('listeners', () => {
  it('that throw lose their event alone, even if those of errors throw too', async () => {
    const { source, events } = stream();
    const uncaught: unknown[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => {
      try {
        task();
      } catch (error) {
        uncaught.push(error);
      }
    });
    const heard: number[] = [];
    events.on('error', () => {
      throw new Error('of errors');
    });
    events.on('event', event => {
      heard.push(event);
      throw new Error('of events');
    });
    pushed(source, 1, 2, 3);
    await settled();
    expect(heard).toEqual([1, 2, 3]);
    expect(uncaught).toEqual(Array(3).fill(new Error('of errors')));
    expect(events.stats()).toMatchObject({ produced: 3, delivered: 3 });
  });

  it('have a signal each, which takes that one away and is let go of', async () => {
    const { source, events } = stream();
    const [first, second] = [new AbortController(), new AbortController()];
    const heard: string[] = [];
    const errors: unknown[] = [];
    events.on('error', error => errors.push(error));
    events.on('event', event => heard.push(`first ${event}`), { signal: first.signal });
    events.on('event', event => heard.push(`second ${event}`), { signal: second.signal });
    pushed(source, 1);
    await settled();
    first.abort();
    pushed(source, 2);
    await settled();
    second.abort();
    pushed(source, 3);
    await settled();
    expect(heard).toEqual(['first 1', 'second 1', 'second 2']);
    expect(errors).toEqual([]);
    for (const { signal } of [first, second]) expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(events.stats()).toMatchObject({ delivered: 2, waiting: 16 });
  });

  it('are not added by a signal that is over', async () => {
    const { source, events } = stream();
    events.on('event', () => expect.unreachable(), { signal: AbortSignal.abort() });
    pushed(source, 1);
    await settled();
    expect(events.stats()).toMatchObject({ delivered: 0 });
  });

  it('leave no trace on a signal that outlives them or their stream', async () => {
    const { signal } = new AbortController();
    for (let time = 0; time < 3; time++) {
      const { source, events } = stream();
      const listener = () => {};
      events.on('event', listener, { signal });
      if (time === 0) events.off('event', listener);
      else source.closeSync();
      await settled();
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    }
  });

  it('take a signal, and no option of readers, who are one for all', () => {
    const { events } = stream();
    const other = () => events.on('event', () => {}, { batchSize: 11 } as never);
    expect(other).toThrow(/ERR_BPF_ARGUMENT, there is no option batchSize; there are signal/);
  });
});

/** As the kernel's rings do, it copies what somebody looks at. */
class CountedSource extends PushedSource {
  loads = 0;

  override fill(memory: Memory, limits: Limits): boolean {
    const filled = super.fill(memory, limits);
    memory.loader = () => {
      this.loads++;
    };
    return filled;
  }
}

describe('a recording', () => {
  it('has every batch copied, and none after its end', async () => {
    const source = new CountedSource('ring buffer numbers', 4096);
    const events = new Events(source, u32);
    const recording = events.record(temporary('events.bpfrec'));
    const batches = events.batches();
    pushed(source, 1);
    await batches.next();
    expect([source.loads, recording.records]).toEqual([1, 1]);
    recording.closeSync();
    pushed(source, 2);
    await batches.next();
    pushed(source, 3);
    await batches.next();
    expect([source.loads, recording.records]).toEqual([1, 1]);
  });
});

describe('an open reader', () => {
  it('keeps what its events are of, until it ends', async () => {
    const source = new PushedSource('ring buffer numbers', 4096);
    let asked = 0;
    const events = new Events(source, u32, () => ({ asked: ++asked }));
    const loop = events.events();
    expect(asked).toBe(1);
    await loop.return?.();
    events.events();
    expect(asked).toBe(2);
  });
});

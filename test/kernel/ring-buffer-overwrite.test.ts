/** Ring buffers that the kernel writes over when they are full: a flight recorder, read on demand. */
import { beforeEach, describe, expect, it } from 'vitest';
import { stream } from '../bpf/stream.bpf.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

const bytes = 4096;

async function recorder() {
  const opened = await stream.open({ ...watchGetppid, data: { burst: 1 } });
  opened.maps.events.maxEntries = bytes;
  opened.maps.events.flags = ['rb_overwrite'];
  const bpf = await opened.load();
  await bpf.attach();
  return bpf;
}

describe('a ring buffer in overwrite mode', () => {
  beforeEach(context => need(context, 'ringbuf.overwrite'));

  it('keeps the latest records, and says how many bytes were written over', async () => {
    await using bpf = await recorder();
    callGetppid(1000);
    const sequences = bpf.maps.events.drain().map(({ sequence }) => sequence);
    expect(sequences.length).toBeLessThanOrEqual(bytes / 48);
    expect(sequences.length).toBeGreaterThan(bytes / 48 - 2);
    expect(sequences).toEqual(sequences.map((_, at) => (sequences[0] ?? 0n) + BigInt(at)));
    const { produced = 0, dropped, overwritten = 0, delivered } = bpf.maps.events.stats();
    expect({ produced, dropped }).toEqual({ produced: 1000, dropped: 0 });
    expect(overwritten / 48 + delivered).toBe(1000);
  });

  it('can be read again after more was written', async () => {
    await using bpf = await recorder();
    callGetppid(10);
    expect(bpf.maps.events.drain()).toHaveLength(10);
    callGetppid(5);
    expect(bpf.maps.events.drain()).toHaveLength(5);
    expect(bpf.maps.events.stats()).toMatchObject({ waiting: 0, overwritten: 0, delivered: 15 });
  });
});

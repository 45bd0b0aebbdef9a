/** What programs write for people and for readers: streams of their own, and iterators as events. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IterLink, LoadedObject } from 'libbpf-ts';
import { struct, u32 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { iterators } from '../bpf/iterators.bpf.js';
import { prints } from '../bpf/prints.bpf.js';
import { streams } from '../bpf/streams.bpf.js';
import { bpftool } from '../support/child.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { thisKernel } from '../support/kernel.js';
import { need, obstacle } from '../support/need.js';

type Streams = LoadedObject<typeof streams.description>;

async function attached(): Promise<Streams> {
  const bpf = await streams.load(watchGetppid);
  await bpf.attach();
  return bpf;
}

describe("a program's streams", () => {
  it('give lines, with the face of events', async context => {
    need(context, 'streams');
    await using bpf = await attached();
    const { stdout, stderr } = bpf.programs.says;
    callGetppid(20);
    expect(stdout.drain()).toEqual(Array.from({ length: 20 }, (_, index) => `call ${index + 1}`));
    expect(stderr.drain()).toEqual(['wrong 10', 'and morewrong 20', 'and more']);
    setTimeout(() => callGetppid(2), 20);
    const seen: string[] = [];
    for await (const line of stdout.events({ pollInterval: 5 })) if (seen.push(line) === 2) break;
    expect(seen).toEqual(['call 21', 'call 22']);
    const heard = new Promise(resolve => stdout.on('event', resolve));
    callGetppid(1);
    expect(await heard).toBe('call 23');
  });

  it('are empty, or missing where the kernel has none', async context => {
    need(context, 'raw_tp');
    await using bpf = await prints.load(watchGetppid);
    const { stdout, stderr } = bpf.programs.entered;
    const isOld = obstacle({ since: '6.17', config: [] }, thisKernel()) !== undefined;
    if (isOld)
      expect(() => stdout.drain()).toThrow(/read stdout of program entered: EINVAL, this kernel has no/);
    else expect([...stdout.drain(), ...stderr.drain()]).toEqual([]);
  });

  it('end with their object', async context => {
    need(context, 'streams');
    const bpf = await attached();
    const reading = (async () => {
      for await (const _ of bpf.programs.says.stdout) throw new Error('there was a line');
    })();
    await sleep(5);
    await bpf.close();
    await reading;
  });
});

async function withIterator(name: 'maps' | 'numbers', use: (link: IterLink) => Promise<void>): Promise<void> {
  const opened = await iterators.open();
  opened.programs[name].autoload = true;
  await using bpf = await opened.load();
  await use(await bpf.programs[name].attach());
}

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of events) items.push(item);
  return items;
}

describe('an iterator', () => {
  const known = () => (bpftool('map', 'show') as { id: number }[]).map(({ id }) => id).slice(0, 5);

  it('gives lines, in loops, batches and to listeners', async context => {
    need(context, 'iter');
    await withIterator('maps', async link => {
      const text = await link.text();
      const lines = await all(link.lines());
      expect(lines).toEqual(expect.arrayContaining(known().map(String)));
      expect(Math.abs(lines.length - text.trim().split('\n').length)).toBeLessThan(50);
      for await (const batch of link.lines().batches({ batchSize: 2 })) expect(batch.length).toBeLessThan(3);
      for await (const _ of link.lines()) break;
      const heard: string[] = [];
      await new Promise<void>(resolve => {
        link
          .lines()
          .on('event', line => heard.push(line))
          .on('end', () => resolve());
      });
      expect(heard).toEqual(expect.arrayContaining(known().map(String)));
    });
  });

  it('gives records, as objects and columns', async context => {
    need(context, 'iter');
    const Numbered = struct<{ id: number; type: number }>('struct numbered', 8, {
      id: [0, u32],
      type: [4, u32],
    });
    await withIterator('numbers', async link => {
      const records = await all(link.records(Numbered));
      expect(records.map(({ id }) => id)).toEqual(expect.arrayContaining(known()));
      for await (const batch of link.records(Numbered).batches()) {
        expect([...batch.columns('id').id]).toEqual(batch.records().map(({ id }) => id));
      }
      const Odd = struct<{ id: number }>('struct odd', 7, { id: [0, u32] });
      if (records.length % 7 !== 0) await expect(all(link.records(Odd))).rejects.toThrow(/ERR_BPF_RECORD/);
    });
  });

  it('ends when it is told to, and with its object', async context => {
    need(context, 'iter');
    await withIterator('maps', async link => {
      const aborted = link.lines().events({ signal: AbortSignal.abort(new Error('enough')) });
      await expect(aborted.next()).rejects.toThrow('enough');
      const lines = link.lines();
      await lines[Symbol.asyncIterator]().next();
      await link.close();
      expect(() => link.lines()).toThrow(/ERR_BPF_CLOSED/);
    });
  });
});

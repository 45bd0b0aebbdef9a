/** A ring buffer of the kernel's, recorded and replayed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replay } from 'libbpf-ts/testing';
import { afterAll, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

const folder = mkdtempSync(join(tmpdir(), 'recording-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a recording has what readers took, with the machine’s clocks', async context => {
  need(context, 'ringbuf');
  const path = join(folder, 'calls.bpfrec');
  const before = { wall: Date.now(), stamp: process.hrtime.bigint() };
  const bpf = await probe.load(watchGetppid);
  await bpf.programs.entered.attach();
  callGetppid(10);
  const first = bpf.maps.events.drain();
  bpf.maps.events.record(path);
  callGetppid(5000);
  const records = [];
  for await (const batch of bpf.maps.events.batches()) {
    records.push(...batch);
    if (bpf.maps.events.available === 0) break;
  }
  await bpf.close();
  expect(first).toHaveLength(10);
  expect(records.length).toBeGreaterThan(1000);
  using replayed = replay(path, probe.description.maps.events);
  expect(replayed.drain()).toEqual(records);
  expect(replayed.subject).toBe('ring buffer events');
  expect(Math.abs(replayed.clock.monotonic.toDate(before.stamp).getTime() - before.wall)).toBeLessThan(1000);
});

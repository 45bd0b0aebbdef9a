/** Stand-ins and recordings where there is no addon, as on other systems. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { array, map, struct, u32 } from '../../lib/doors/codec.js';
import { describeObject as described } from '../../lib/doors/gen.js';
import { everyMapRow, skeleton } from '../../lib/doors/skeleton.js';
import { fakeObject, replay } from '../../lib/doors/testing.js';
import { libbpfVersion } from '../../lib/index.js';

// node-gyp-build looks nowhere else then.
process.env.LIBBPF_TS_PREBUILD = '/nowhere';

const Event = struct<{ pid: number }>('struct event', 4, { pid: [0, u32] });
const { object } = described(readFileSync('test/bpf/probe.bpf.o'), 'probe.bpf.o');
const app = skeleton(
  {
    name: 'app',
    programs: { on_exec: 'tp_btf/sched_process_exec' },
    maps: {
      counts: map('hash', u32, u32),
      hits: map('percpu_array', u32, array(u32, 2)),
      events: map('ringbuf', undefined, Event),
      commands: map('user_ringbuf', undefined, Event),
    },
    globals: {
      rodata: struct<{ target_pid: number }>('.rodata', 16, { target_pid: [0, u32] }),
      bss: struct<{ seen: number }>('.bss', 16, { seen: [0, u32] }),
    },
    object,
  },
  everyMapRow,
);

it('a stand-in does all that it does', async () => {
  expect(() => libbpfVersion()).toThrow(/ERR_BPF_ADDON/);
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
  const path = join(folder, 'events.bpfrec');
  const bpf = fakeObject(app, { initial: { rodata: { target_pid: 7 } }, maxEntries: { hits: 1 } });
  await bpf.attach();
  bpf.globals.bss.seen = 3;
  bpf.maps.counts.set(1, bpf.globals.rodata.target_pid);
  const values = Array.from({ length: bpf.maps.hits.cpus }, (_, cpu) => [cpu, 0]);
  bpf.maps.hits.set(0, values);
  bpf.maps.commands.send({ pid: 4 });
  bpf.maps.events.record(path);
  bpf.produce('events', { pid: 5 });
  expect(bpf.maps.events.drain()).toEqual([{ pid: 5 }]);
  expect(bpf.consume('commands')).toEqual([{ pid: 4 }]);
  expect(await bpf.maps.counts.snapshot()).toEqual([[1, 7]]);
  expect(bpf.maps.hits.get(0)).toEqual(values);
  await bpf.close();
  expect(() => bpf.globals.bss.seen).toThrow(/ERR_BPF_CLOSED/);
  expect(bpf.attachments('on_exec')).toMatchObject({ attached: 0, detaches: 1 });
  expect(replay(path, Event).drain()).toEqual([{ pid: 5 }]);
  rmSync(folder, { recursive: true });
});

/** An object with a map of each kind that a stand-in has, as a generated module would describe it. */
import { readFileSync } from 'node:fs';
import { map, struct, text, u16, u32, u64 } from '../../../lib/doors/codec.js';
import { everyMapRow, skeleton } from '../../../lib/doors/skeleton.js';
import { describeObject as described } from '../../../lib/gen/index.js';
import type { LoadedObject } from '../../../lib/index.js';

const Event = struct<{ pid: number; comm: string }>('struct event', 20, {
  pid: [0, u32],
  comm: [4, text(16)],
});
export const probe = described(readFileSync('test/bpf/probe.bpf.o'), 'probe.bpf.o');
export const app = skeleton(
  {
    name: 'app',
    programs: { on_exec: 'tp_btf/sched_process_exec', filter: 'xdp', tasks: 'iter/task' },
    maps: {
      counts: map('hash', u32, u64),
      recent: map('lru_hash', u32, u16),
      limits: map('array', u32, u16),
      hits: map('percpu_hash', u32, u64),
      jobs: map('queue', undefined, u32),
      undo: map('stack', undefined, u32),
      known: map('bloom_filter', undefined, u32),
      routes: map(
        'lpm_trie',
        struct<{ bits: number; address: number }>('k', 8, { bits: [0, u32], address: [4, u32] }),
        u32,
      ),
      events: map('ringbuf', undefined, Event),
      samples: map('perf_event_array', u32, Event),
      commands: map('user_ringbuf', undefined, Event),
      tenants: map('sockhash', u32, u32),
    },
    globals: {
      rodata: struct<{ target_pid: number; watched: bigint }>('.rodata', 16, {
        target_pid: [0, u32],
        watched: [8, u64],
      }),
      bss: struct<{ seen: bigint; dropped: bigint }>('.bss', 16, { seen: [0, u64], dropped: [8, u64] }),
    },
    object: probe.object,
  },
  everyMapRow,
);
export type App = LoadedObject<typeof app.description>;

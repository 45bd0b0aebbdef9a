/** The collector `memory`. */
import { type CollectorRow, durationsOf, everywhere } from '../metric.js';
import type { ProcFiles } from '../proc-files.js';

/** Its number in reclaim.bpf.c, and its labels. */
const stalls = 1;
const shortages = ['system', 'cgroup'];

export const memory: CollectorRow = {
  name: 'memory',
  about: 'page faults by kind, waits for memory, and processes that were killed for want of memory',
  metrics: [
    {
      name: 'process.paging.faults',
      names: { cgroup: 'container.memory.paging.faults', host: 'system.paging.faults' },
      kind: 'counter',
      unit: '{fault}',
      help: 'Page faults: minor ones found the page in memory, major ones had to read it.',
      labels: ['system.paging.fault.type'],
      coverage: everywhere,
      always: [['minor'], ['major']],
      samples: ({ files }) => {
        const { minor, major } = files.faults();
        return [
          { labels: ['minor'], value: minor },
          { labels: ['major'], value: major },
        ];
      },
    },
    {
      name: 'kernel.memory.reclaim.duration',
      kind: 'histogram',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'How long threads were kept from going on to find memory: the system was short of it, or their cgroup.',
      labels: ['kernel.memory.reclaim.of'],
      coverage: everywhere,
      always: shortages.map(what => [what]),
      ...durationsOf('reclaim', stalls, label => [shortages[label] ?? `${label}`]),
    },
    {
      name: 'kernel.oom.kills',
      kind: 'counter',
      unit: '{process}',
      help: 'Processes that the kernel killed because memory was short.',
      labels: [],
      coverage: {
        process: { refused: 'one that is killed can count no more: observe its cgroup' },
        cgroup: 'exact',
        host: 'exact',
      },
      samples: ({ files }) => [{ labels: [], value: killsOf(files) }],
    },
  ],
};

function killsOf(files: ProcFiles): bigint {
  if (files.scope === 'host') return files.host('/proc/vmstat', 'oom_kill');
  return files.cgroup(files.version === 1 ? 'memory.oom_control' : 'memory.events', 'oom_kill');
}

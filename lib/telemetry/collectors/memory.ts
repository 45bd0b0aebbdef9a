/** The collector `memory`. */
import { type CollectorRow, everywhere } from '../metric.js';
import type { ProcFiles } from '../proc-files.js';

export const memory: CollectorRow = {
  name: 'memory',
  about: 'page faults by kind, and processes that were killed for want of memory',
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

/** The collector `cpu`. */
import { type CollectorRow, durationsOf, everywhere, sumsOf } from '../metric.js';

const cgroupOnly = { refused: 'bandwidth is limited by cgroup, and no process has a share of that' } as const;
const ofCgroups = { process: cgroupOnly, cgroup: 'exact', host: cgroupOnly } as const;

/** Numbers of the metrics in scheduler.bpf.c. */
const metric = { onCpu: 1, waitForCpu: 2, voluntary: 3, involuntary: 4, migrations: 5 } as const;

export const cpu: CollectorRow = {
  name: 'cpu',
  about: 'time on CPUs and waiting for one, switches, migrations, and throttling of a cgroup',
  metrics: [
    {
      name: 'process.cpu.time',
      names: { cgroup: 'container.cpu.time', host: 'system.cpu.time' },
      kind: 'counter',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'Time on CPUs, as the scheduler charges it to threads.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...sumsOf('scheduler', metric.onCpu),
    },
    {
      name: 'kernel.cpu.wait.duration',
      kind: 'histogram',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'How long threads that could run waited for a CPU.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...durationsOf('scheduler', metric.waitForCpu),
    },
    {
      name: 'process.context_switches',
      names: { cgroup: 'kernel.context_switches', host: 'kernel.context_switches' },
      kind: 'counter',
      unit: '{context_switch}',
      help: 'How often threads left their CPU: to wait for something, or for another thread.',
      labels: ['process.context_switch.type'],
      coverage: everywhere,
      always: [['voluntary'], ['involuntary']],
      source: 'scheduler',
      samples: from => {
        const { sums } = from.source('scheduler');
        const types = ['voluntary', 'involuntary'] as const;
        return types.map(type => ({ labels: [type], value: sums.get(metric[type])?.get(0) ?? 0n }));
      },
    },
    {
      name: 'kernel.cpu.migrations',
      kind: 'counter',
      unit: '{migration}',
      help: 'How often threads were moved to another CPU.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...sumsOf('scheduler', metric.migrations),
    },
    {
      name: 'kernel.cpu.throttled.periods',
      kind: 'counter',
      unit: '{period}',
      help: 'Periods in which the cgroup had used up its bandwidth.',
      labels: [],
      coverage: ofCgroups,
      samples: ({ files }) => [{ labels: [], value: files.cgroup('cpu.stat', 'nr_throttled') }],
    },
    {
      name: 'kernel.cpu.throttled.time',
      kind: 'counter',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'Time that CPUs were kept from the cgroup for its bandwidth.',
      labels: [],
      coverage: ofCgroups,
      samples: ({ files }) => [{ labels: [], value: throttledTime(files) }],
    },
  ],
};

/** Nanoseconds in the first version, microseconds in the second. */
function throttledTime(files: {
  readonly version: 1 | 2;
  cgroup(file: string, name: string): bigint;
}): bigint {
  return files.version === 1
    ? files.cgroup('cpu.stat', 'throttled_time')
    : files.cgroup('cpu.stat', 'throttled_usec') * 1000n;
}

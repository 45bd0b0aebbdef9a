/** The collectors of system calls: `syscalls` of all, `files` of those that open files. */
import { syscallName } from '../../symbols/index.js';
import { type CollectorRow, durationsOf, everywhere, type Readings, type Sample, sumsOf } from '../metric.js';
import { errorName } from '../names.js';

/** Numbers of the metrics in syscalls.bpf.c. */
const metric = { durations: 1, errors: 2 } as const;

export const syscalls: CollectorRow = {
  name: 'syscalls',
  about: 'how often each system call is made, how long it takes, and its errors',
  metrics: [
    {
      name: 'kernel.syscall.duration',
      kind: 'histogram',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'How long system calls took; those that never return, as exit, are not in it.',
      labels: ['syscall'],
      coverage: everywhere,
      ...durationsOf('syscalls', metric.durations, label => [syscallName(label)]),
    },
    {
      name: 'kernel.syscall.errors',
      kind: 'counter',
      unit: '{error}',
      help: 'System calls that failed.',
      labels: ['syscall', 'error.type'],
      coverage: everywhere,
      ...sumsOf('syscalls', metric.errors, label => [syscallName(callOf(label)), errorName(errorOf(label))]),
    },
  ],
};

const opening = ['open', 'openat', 'openat2', 'creat'];

export const files: CollectorRow = {
  name: 'files',
  about: 'files that are opened, and those that cannot be',
  metrics: [
    {
      name: 'kernel.file.opens',
      kind: 'counter',
      unit: '{file}',
      help: 'Files that were opened, by open(2) and its like.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      source: 'syscalls',
      samples: from => [{ labels: [], value: callsOf(from) - sumOf(failures(from)) }],
    },
    {
      name: 'kernel.file.open.errors',
      kind: 'counter',
      unit: '{error}',
      help: 'Files that could not be opened.',
      labels: ['error.type'],
      coverage: everywhere,
      source: 'syscalls',
      samples: failures,
    },
  ],
};

function callOf(label: number): number {
  return label >>> 16;
}

function errorOf(label: number): number {
  return label & 0xffff;
}

function isOpening(call: number): boolean {
  return opening.includes(syscallName(call));
}

function callsOf(from: Readings): bigint {
  const durations = from.source('syscalls').durations.get(metric.durations) ?? [];
  const counts = [...durations].flatMap(([call, { counts: each }]) => (isOpening(call) ? each : []));
  return counts.reduce((sum, count) => sum + count, 0n);
}

/** Several calls fail with the same error. */
function failures(from: Readings): Sample[] {
  const found = new Map<string, bigint>();
  for (const [label, value] of from.source('syscalls').sums.get(metric.errors) ?? []) {
    if (!isOpening(callOf(label))) continue;
    const name = errorName(errorOf(label));
    found.set(name, (found.get(name) ?? 0n) + value);
  }
  return Array.from(found, ([name, value]) => ({ labels: [name], value }));
}

function sumOf(samples: readonly Sample[]): bigint {
  return samples.reduce((sum, { value }) => sum + (value as bigint), 0n);
}

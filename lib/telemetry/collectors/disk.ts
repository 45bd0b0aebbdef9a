/** The collector `disk`. */
import { readFileSync } from 'node:fs';
import { syscallName } from '../../symbols/index.js';
import { type CollectorRow, durationsOf, everywhere, type Readings, type Sample } from '../metric.js';

/** Numbers in disk.bpf.c: each metric is one of these and the operation. */
const metric = { durations: 0x100, bytes: 0x200 } as const;

/** `enum req_op` in include/linux/blk_types.h, of which those behind these changed their numbers. */
const operations = ['read', 'write', 'flush', 'discard'];

export const disk: CollectorRow = {
  name: 'disk',
  about: 'requests to disks, their bytes, how long they took, and calls that wait for them',
  metrics: [
    {
      name: 'process.disk.io',
      names: { cgroup: 'kernel.disk.io', host: 'system.disk.io' },
      kind: 'counter',
      unit: 'By',
      help: 'Bytes of requests to disks that its threads made; what is written back later is of the host alone.',
      labels: ['system.device', 'disk.io.direction'],
      coverage: everywhere,
      source: 'disk',
      samples: from => requestsOf(from, 'sums', metric.bytes),
    },
    {
      name: 'kernel.disk.request.duration',
      kind: 'histogram',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'How long disks took for requests, from when they got them.',
      labels: ['system.device', 'disk.io.direction'],
      coverage: everywhere,
      source: 'disk',
      samples: from => requestsOf(from, 'durations', metric.durations),
    },
    {
      name: 'kernel.file.sync.duration',
      kind: 'histogram',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'How long calls took that wait until files are on disk.',
      labels: ['syscall'],
      coverage: everywhere,
      always: [['fsync'], ['fdatasync']],
      source: 'syscalls',
      samples: from =>
        durationsOf('syscalls', 1, call => [syscallName(call)])
          .samples(from)
          .filter(isSync),
    },
  ],
};

const syncing = ['fsync', 'fdatasync', 'sync', 'syncfs', 'sync_file_range', 'msync'];

function isSync({ labels: [call = ''] }: Sample): boolean {
  return syncing.includes(call);
}

/** The label is the number of the disk. */
function requestsOf(from: Readings, kind: 'sums' | 'durations', first: number): Sample[] {
  const metrics: ReadonlyMap<number, ReadonlyMap<number, Sample['value']>> = from.source('disk')[kind];
  return [...metrics]
    .filter(([number]) => (number & 0xff00) === first)
    .flatMap(([number, disks]) => {
      const operation = operations[number & 0xff] ?? `operation ${number & 0xff}`;
      return Array.from(disks, ([device, value]) => ({ labels: [diskName(device), operation], value }));
    });
}

/** `MINORBITS` in include/linux/kdev_t.h. */
const minorBits = 20;

/** As `sda`; by its numbers where it is gone. */
function diskName(device: number): string {
  const numbers = `${device >>> minorBits}:${device & ((1 << minorBits) - 1)}`;
  try {
    const text = readFileSync(`/sys/dev/block/${numbers}/uevent`, 'utf8');
    return /^DEVNAME=(.+)$/m.exec(text)?.[1] ?? numbers;
  } catch {
    return numbers;
  }
}

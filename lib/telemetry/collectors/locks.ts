/** The collector `locks`. */
import { type CollectorRow, durationsOf, everywhere } from '../metric.js';

/** Its number in syscalls.bpf.c. */
const lockWaits = 3;

export const locks: CollectorRow = {
  name: 'locks',
  about: 'waits for locks, conditions and semaphores',
  metrics: [
    {
      name: 'kernel.lock.wait.duration',
      kind: 'histogram',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'How long threads waited for locks, conditions and semaphores, idle threads of pools included.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...durationsOf('syscalls', lockWaits),
    },
  ],
};

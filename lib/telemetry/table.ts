/** All collectors: the one home of names, kinds, units, labels and scopes. */
import { cpu } from './collectors/cpu.js';
import { disk } from './collectors/disk.js';
import { dns } from './collectors/dns.js';
import { locks } from './collectors/locks.js';
import { memory } from './collectors/memory.js';
import { network } from './collectors/network.js';
import { processes } from './collectors/processes.js';
import { files, syscalls } from './collectors/syscalls.js';
import type { CollectorRow } from './metric.js';

/** What can be observed, by the word that chooses it. */
export const collectors = {
  cpu,
  syscalls,
  files,
  locks,
  disk,
  processes,
  memory,
  network,
  dns,
} as const satisfies Record<string, CollectorRow>;

/** The word of a collector. */
export type CollectorName = keyof typeof collectors;

/** All of them, in order. */
export const collectorNames = Object.keys(collectors) as CollectorName[];

/** Reading the clocks of clock_gettime(2) at one moment, as BPF programs see them. */
import { readFileSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';
import { check } from '../native/errno.js';
import { native } from '../native/native.js';
import type { Sample } from './timeline.js';

/** `clockid_t`, the same on every Linux. */
const clocks = { realtime: 0, monotonic: 1, boottime: 7 } as const;

/** A sample whose reading took longer than this many nanoseconds was interrupted. */
const prompt = 2_000n;
const attempts = 5;

/** What the clocks show now; of several readings the quickest. */
export function sampleClocks(): Sample {
  let best = reading();
  for (let attempt = 1; attempt < attempts && best.took > prompt; attempt++) {
    const other = reading();
    if (other.took < best.took) best = other;
  }
  return best.sample;
}

/** What `bpf_ktime_get_ns()` would answer now. */
export function monotonicNow(): bigint {
  return now('monotonic') - namespaceOffsets().monotonic;
}

/** Monotonic time is asked before and after the others, so that its middle is their moment. */
function reading(): { sample: Sample; took: bigint } {
  const before = now('monotonic');
  const boottime = now('boottime');
  const realtime = now('realtime');
  const took = now('monotonic') - before;
  const { monotonic: ownMonotonic, boottime: ownBoottime } = namespaceOffsets();
  const monotonic = before + took / 2n - ownMonotonic;
  return { sample: { monotonic, boottime: boottime - ownBoottime, realtime }, took };
}

function now(name: keyof typeof clocks): bigint {
  return check(native().clockGettime(clocks[name]), `read the ${name} clock`) as bigint;
}

/** Nanoseconds that the process's time namespace adds; BPF programs stamp without them. */
interface Offsets {
  readonly monotonic: bigint;
  readonly boottime: bigint;
}

let known: Offsets | undefined;

/** They cannot change once a process is in the namespace. */
function namespaceOffsets(): Offsets {
  known ??= { monotonic: offset('monotonic'), boottime: offset('boottime') };
  return known;
}

/**
 * Lines as `monotonic  1000  0`: seconds and nanoseconds. Before Linux 5.6 there is no such file
 * (time_namespaces(7)).
 */
function offset(name: string): bigint {
  const [, seconds, nanoseconds] = table().match(new RegExp(`^${name}\\s+(-?\\d+)\\s+(\\d+)`, 'm')) ?? [];
  return BigInt(seconds ?? 0) * 1_000_000_000n + BigInt(nanoseconds ?? 0);
}

function table(): string {
  try {
    return readFileSync('/proc/self/timens_offsets', 'utf8');
  } catch (cause) {
    const { code = 'EIO', errno } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    const [operation, reason] = ['convert a time', 'the offsets of the time namespace cannot be read'];
    throw new BpfError({ code, errno, operation, reason, cause });
  }
}

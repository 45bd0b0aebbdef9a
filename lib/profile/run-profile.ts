/** Profiles of what runs: where CPUs spend their time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { argumentError, requireInteger, requireOptions, shown } from '../errors/arguments.js';
import { openSymbolizer, type Symbolizer } from '../symbols/index.js';
import { SampleCounts } from './named-stacks.js';
import { Profile } from './profile.js';
import { type ProfileTarget, Sampler } from './sampler.js';

/** Options of {@link profile}: one of `pid`, `cgroup` and `all`, and when it ends. */
export interface ProfileOptions {
  /** A process, all its threads. */
  readonly pid?: number;
  /** The folder of a cgroup (version 2), with all below it. */
  readonly cgroup?: string;
  /** The whole machine. */
  readonly all?: true;
  /** Samples a second on each CPU; 99 by default, which is out of step with what runs a hundred times a second. */
  readonly frequency?: number;
  /** How long, in milliseconds; until `signal` where it is not given. */
  readonly for?: number;
  /** Ends it: what was sampled until then is the profile. */
  readonly signal?: AbortSignal;
}

/** Between two looks at the samples, in milliseconds. */
const pace = 100;
const operation = 'profile';

/**
 * Samples what CPUs do, and names the stacks.
 *
 * Frames of a process are as good as its frame pointers: code that was built without them shows cut stacks. JavaScript
 * has names where Node was started with `--perf-basic-prof`.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where no or several targets are named, or nothing says when it ends; `EPERM` without
 * CAP_BPF and CAP_PERFMON.
 * @since Linux 5.8 (bpf_ringbuf_output() in kernel/bpf/ringbuf.c)
 * @example
 * ```ts
 * const cpu = await profile({ pid: process.pid, for: 2_000 });
 * writeFileSync('profile.svg', cpu.flameGraph());
 * writeFileSync('profile.pb.gz', cpu.pprof());
 * ```
 */
export async function profile(options: ProfileOptions): Promise<Profile> {
  const target = checkedTarget(options);
  const { frequency = 99, for: duration, signal } = options;
  const symbols = openSymbolizer();
  const counts = new SampleCounts();
  try {
    const [startedAt, begun] = [Date.now(), performance.now()];
    const sampler = await Sampler.start(target, frequency);
    let lost: number;
    let ended: number;
    try {
      await collect(sampler, counts, symbols, begun + (duration ?? Number.POSITIVE_INFINITY), signal);
      await sampler.stop();
      ended = performance.now();
      for (const sample of sampler.take()) counts.add(sample);
      lost = sampler.lost;
    } finally {
      await sampler.close();
    }
    const stacks = await counts.name(symbols);
    return Profile.of(stacks, { unit: 'samples', startedAt, duration: ended - begun, frequency, lost });
  } finally {
    await symbols.close();
  }
}

/** Takes samples until the end, and looks at each new process while it lives. */
async function collect(
  sampler: Sampler,
  counts: SampleCounts,
  symbols: Symbolizer,
  end: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const seen = new Set<number>();
  while (performance.now() < end && !signal?.aborted) {
    await sleep(Math.min(pace, Math.max(0, end - performance.now())), undefined, { signal }).catch(() => {});
    for (const sample of sampler.take()) {
      counts.add(sample);
      if (seen.has(sample.pid)) continue;
      seen.add(sample.pid);
      // One that may not be looked into has addresses without names.
      await symbols.remember(sample.pid).catch(() => {});
    }
  }
}

function checkedTarget(options: ProfileOptions): ProfileTarget {
  requireOptions(operation, options ?? {}, ['pid', 'cgroup', 'all', 'frequency', 'for', 'signal']);
  const { pid, cgroup, all, frequency, for: duration, signal } = options ?? {};
  const named = [pid, cgroup, all].filter(each => each !== undefined);
  if (named.length !== 1) throw argumentError(operation, 'give one of pid, cgroup and all: true');
  if (frequency !== undefined) requireInteger(operation, 'frequency', frequency, 100_000);
  if (frequency === 0) throw argumentError(operation, 'frequency is samples a second, at least 1');
  if (duration !== undefined && !(Number.isFinite(duration) && duration >= 0))
    throw argumentError(operation, `for is a time in milliseconds, not ${shown(duration)}`);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw argumentError(operation, `signal is an AbortSignal, not ${shown(signal)}`);
  if (duration === undefined && !signal)
    throw argumentError(operation, 'it would never end: give for, in milliseconds, or a signal');
  return targetOf(options);
}

function targetOf({ pid, cgroup, all }: ProfileOptions): ProfileTarget {
  if (pid !== undefined) {
    requireInteger(operation, 'pid', pid, 2 ** 31 - 1);
    return { pid };
  }
  if (typeof cgroup === 'string' && cgroup !== '') return { cgroup };
  if (all === true) return { all };
  throw argumentError(
    operation,
    `give { pid }, { cgroup: FOLDER } or { all: true }, not ${shown(cgroup ?? all)}`,
  );
}

/** Profiles of what runs and waits. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Profile } from './profile.js';
import {
  endingSettings,
  type ProfileOptions,
  recorderSettings,
  type StartProfileOptions,
} from './profile-options.js';
import { Recorder, type RecorderSettings } from './recorder.js';
import { RunningProfile } from './running-profile.js';

/**
 * Measures where threads spend time, or which stacks allocated memory that was not freed, and names the stacks.
 *
 * Frames of a process are as good as its frame pointers: code that was built without them shows cut stacks. JavaScript
 * has names where Node was started with `--perf-basic-prof`.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where no or several targets are named, an option is not the mode's, or nothing says
 * when it ends; `EPERM` without CAP_BPF and CAP_PERFMON.
 * @since Linux 5.8 (bpf_ringbuf_output() in kernel/bpf/ringbuf.c)
 * @example
 * ```ts
 * const cpu = await profile({ pid: process.pid, for: 2_000 });
 * writeFileSync('profile.svg', cpu.flameGraph());
 * writeFileSync('profile.pb.gz', cpu.pprof());
 * const waits = await profile({ pid: process.pid, mode: 'off-cpu', for: 2_000 });
 * writeFileSync('waits.svg', waits.flameGraph());
 * ```
 */
export async function profile(options: ProfileOptions): Promise<Profile> {
  await using running = await start(endingSettings(options));
  await untilEnd(options.for, options.signal);
  return await running.stop();
}

/**
 * Begins a {@link profile} that ends when it is told: once this resolves, what happens is measured.
 *
 * @throws BpfError as {@link profile}
 * @since Linux 5.8 (bpf_ringbuf_output() in kernel/bpf/ringbuf.c)
 * @example
 * ```ts
 * await using running = await startProfile({ pid: process.pid, mode: 'wall' });
 * await new Promise(resolve => setTimeout(resolve, 2_000));
 * writeFileSync('wall.svg', (await running.stop()).flameGraph());
 * ```
 */
export async function startProfile(options: StartProfileOptions): Promise<RunningProfile> {
  return start(recorderSettings(options));
}

async function start(settings: RecorderSettings): Promise<RunningProfile> {
  return RunningProfile.of(await Recorder.start(settings), settings);
}

/** Longest time of a timer, in milliseconds. */
const longest = 2 ** 31 - 1;

async function untilEnd(duration: number | undefined, signal: AbortSignal | undefined): Promise<void> {
  const end = performance.now() + (duration ?? Number.POSITIVE_INFINITY);
  while (performance.now() < end && !signal?.aborted)
    await sleep(Math.min(longest, end - performance.now()), undefined, { signal }).catch(() => {});
}

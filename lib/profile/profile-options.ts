/** What a caller may say of a profile. */
import {
  argumentError,
  requireInteger,
  requireOptions,
  requireText,
  requireWord,
  shown,
} from '../errors/arguments.js';
import { modes, type ProfileMode } from './modes.js';
import type { RecorderSettings } from './recorder.js';
import type { ProfileTarget } from './target.js';

const operation = 'profile';

/** Options of {@link startProfile}: a target, which names at least one of `pid`, `cgroup`, `startedBy` and `all`, and what to measure. */
export interface StartProfileOptions extends ProfileTarget {
  /** What is measured; `cpu` by default. */
  readonly mode?: ProfileMode;
  /**
   * Samples a second on each CPU, of the modes `cpu` and `wall`; 99 by default, which is out of step with what runs a
   * hundred times a second.
   */
  readonly frequency?: number;
  /** Waits that are shorter are left out, in milliseconds, of the modes `off-cpu` and `wall`; 0 by default. */
  readonly minimum?: number;
}

/** Options of {@link profile}: those of {@link startProfile}, and when it ends. */
export interface ProfileOptions extends StartProfileOptions {
  /** How long, in milliseconds; until `signal` where it is not given. */
  readonly for?: number;
  /** Ends it: what was sampled until then is the profile. */
  readonly signal?: AbortSignal;
}

/** What the recorder is asked. @throws BpfError `ERR_BPF_ARGUMENT` */
export function recorderSettings(options: StartProfileOptions, known = startOptions): RecorderSettings {
  requireOptions(operation, options ?? {}, known);
  const target = targetOf(options ?? {});
  const { mode = 'cpu', frequency, minimum } = options;
  requireWord(operation, 'mode', mode, Object.keys(modes));
  const { isSampled, hasWaits } = modes[mode];
  if (frequency !== undefined) requireInteger(operation, 'frequency', frequency, 100_000);
  if (frequency === 0) throw argumentError(operation, 'frequency is samples a second, at least 1');
  if (frequency !== undefined && !isSampled) throw notOf(mode, 'frequency');
  if (minimum !== undefined && !hasWaits) throw notOf(mode, 'minimum');
  if (minimum !== undefined && !(Number.isFinite(minimum) && minimum >= 0))
    throw argumentError(operation, `minimum is a time in milliseconds, not ${shown(minimum)}`);
  if (mode === 'allocations' && Object.keys(target).join() !== 'pid')
    throw argumentError(operation, 'allocations are of one process, whole: give its pid alone');
  const least = BigInt(Math.round((minimum ?? 0) * 1e6));
  return { mode, target, frequency: frequency ?? 99, least };
}

function notOf(mode: ProfileMode, option: string): Error {
  return argumentError(operation, `a profile of the mode ${mode} has no ${option}`);
}

const targets = ['pid', 'cgroup', 'startedBy', 'all'] as const;
const numbers = ['pid', 'startedBy', 'tid'] as const;
const startOptions = [...targets, 'tid', 'uid', 'comm', 'mode', 'frequency', 'minimum'];

/** {@link recorderSettings} of a profile that ends by itself. @throws BpfError `ERR_BPF_ARGUMENT` */
export function endingSettings(options: ProfileOptions): RecorderSettings {
  const settings = recorderSettings(options, [...startOptions, 'for', 'signal']);
  const { for: duration, signal } = options;
  if (duration !== undefined && !(Number.isFinite(duration) && duration >= 0))
    throw argumentError(operation, `for is a time in milliseconds, not ${shown(duration)}`);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw argumentError(operation, `signal is an AbortSignal, not ${shown(signal)}`);
  if (duration === undefined && !signal)
    throw argumentError(operation, 'it would never end: give for, in milliseconds, or a signal');
  return settings;
}

function targetOf(options: StartProfileOptions): ProfileTarget {
  const named = targets.filter(name => options[name] !== undefined);
  if (named.length === 0)
    throw argumentError(operation, 'say whose: give pid, cgroup or startedBy, or all: true');
  if (options.all !== undefined && named.length > 1)
    throw argumentError(operation, `all is without ${named[0]}`);
  for (const name of numbers)
    if (options[name] !== undefined) requireInteger(operation, name, options[name], 2 ** 31 - 1);
  const { pid, cgroup, startedBy, all, tid, uid, comm } = options;
  if (cgroup !== undefined) requireText(operation, 'cgroup, the folder of a cgroup,', cgroup);
  if (all !== undefined && all !== true) throw argumentError(operation, `all is true, not ${shown(all)}`);
  if (uid !== undefined) requireInteger(operation, 'uid', uid);
  if (comm !== undefined) requireText(operation, 'comm', comm);
  const target = { pid, cgroup, startedBy, all, tid, uid, comm };
  return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined));
}

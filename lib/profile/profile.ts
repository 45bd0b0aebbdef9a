/** Stacks with how much each of them counts, and what is made of them. */
import { argumentError, requireList, requireObject, requireWord, shown } from '../errors/arguments.js';
import type { Frame } from '../symbols/index.js';
import { type BrokenStacks, findBrokenStacks } from './broken-stacks.js';
import { type FlameGraphOptions, flameGraph } from './flame-graph.js';
import { flameTree } from './flame-tree.js';
import { foldStacks } from './folded.js';
import { encodePprof } from './pprof.js';
import { speedscopeProfile } from './speedscope.js';
import { type ThreadState, threadStates } from './thread-state.js';

/** What a profile counts: samples, nanoseconds or bytes. */
export type ProfileUnit = 'samples' | 'nanoseconds' | 'bytes';

/** A stack, and how much it counts. */
export interface ProfileStack {
  /** The name of the process, which the frames stand on. */
  readonly process: string;
  /** What the thread did or waited for; profiles of waits have it. */
  readonly state?: ThreadState | undefined;
  /** The innermost first, the kernel's before the process's. */
  readonly frames: readonly Frame[];
  /** In the profile's unit. */
  readonly value: number;
}

/** What a profile is made of beside its stacks. */
export interface ProfileDetails {
  readonly unit: ProfileUnit;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt?: number;
  /** How long it took, in milliseconds. */
  readonly duration?: number;
  /** Samples a second on each CPU, of a sampled one. */
  readonly frequency?: number;
  /** How many times there was no room for a sample, a wait or an allocation: they are in none of the stacks. */
  readonly lost?: number;
}

/** Stacks with their values. */
export class Profile {
  readonly stacks: readonly ProfileStack[];
  readonly unit: ProfileUnit;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** How long it took, in milliseconds. */
  readonly duration: number;
  /** Samples a second on each CPU; undefined where it was not sampled. */
  readonly frequency: number | undefined;
  /** How many times there was no room for a sample, a wait or an allocation: they are in none of the stacks. */
  readonly lost: number;

  private constructor(stacks: readonly ProfileStack[], details: ProfileDetails) {
    this.stacks = stacks;
    this.unit = details.unit;
    this.startedAt = details.startedAt ?? 0;
    this.duration = details.duration ?? 0;
    this.frequency = details.frequency;
    this.lost = details.lost ?? 0;
  }

  /** @internal */
  static of(stacks: readonly ProfileStack[], details: ProfileDetails): Profile {
    return new Profile(stacks, details);
  }

  /** The sum of all stacks, in the profile's unit. */
  get total(): number {
    return this.stacks.reduce((sum, { value }) => sum + value, 0);
  }

  /**
   * What of it is in stacks whose callers are missing, by the file in whose code they end: it was built without frame
   * pointers, as most C libraries are. The rest of such a stack is right. The most first; none where all are whole.
   */
  brokenStacks(): BrokenStacks[] {
    return findBrokenStacks(this.stacks);
  }

  /**
   * A line for each stack, the outermost frame first: `node;main;work_[k] 12`, with what the thread waited for behind the
   * process where the profile has that: `node;[disk];main;read 12`. Frames of the kernel end in `_[k]`, those of
   * code that was compiled at run time in `_[j]`, as BCC's tools write them and flamegraph.pl reads them.
   */
  folded(): string {
    return foldStacks(this.stacks);
  }

  /**
   * A flame graph: an SVG that needs nothing beside it. Clicking a frame zooms in, the search (Ctrl+F) marks what fits a
   * regular expression, and tells how much of all it is.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` where an option cannot be meant.
   */
  flameGraph(options: FlameGraphOptions = {}): string {
    return flameGraph(flameTree(this.stacks), this.unit, options);
  }

  /** What pprof and its like read, compressed: `profile.pb.gz`. */
  pprof(): Uint8Array {
    return encodePprof(this);
  }

  /** The JSON that https://speedscope.app reads. */
  speedscope(name = 'profile'): string {
    return JSON.stringify(speedscopeProfile(this, name));
  }
}

/**
 * A profile of stacks that an application collected itself, as those of its own stack trace map.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where a stack has no process, frames and value, or the unit is none.
 * @example
 * ```ts
 * const stacks = [];
 * for (const [, frames] of bpf.maps.stacks)
 *   stacks.push({ process: 'node', frames: await symbolize({ pid: process.pid }, frames), value: 1 });
 * writeFileSync('profile.svg', createProfile(stacks, { unit: 'samples' }).flameGraph());
 * ```
 */
export function createProfile(stacks: readonly ProfileStack[], details: ProfileDetails): Profile {
  requireList(operation, 'stacks', stacks);
  requireObject(operation, 'say what it counts: { unit }', details);
  if (!units.includes(details.unit))
    throw argumentError(operation, `unit is one of ${units.join(', ')}, not ${shown(details.unit)}`);
  for (const stack of stacks) requireStack(stack);
  return Profile.of(stacks, details);
}

const operation = 'create a profile';
const units: readonly unknown[] = ['samples', 'nanoseconds', 'bytes'];

function requireStack(given: ProfileStack): void {
  const { process, frames, value, state } = given ?? {};
  const isStack =
    typeof process === 'string' && Array.isArray(frames) && Number.isFinite(value) && value >= 0;
  if (!isStack) throw argumentError(operation, `a stack is { process, frames, value }, not ${shown(given)}`);
  if (state !== undefined) requireWord(operation, 'state', state, threadStates);
  for (const { address } of frames)
    if (typeof address !== 'bigint') throw argumentError(operation, 'frames are what symbolize() gives');
}

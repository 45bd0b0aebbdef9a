/** What a profile can be of, and how the sums of a stack become its values. */
import type { Frame } from '../symbols/index.js';
import type { ProfileUnit } from './profile.js';
import { onCpu } from './stack-record.js';
import type { StackSum } from './stack-sums.js';
import { type ThreadState, threadState } from './thread-state.js';

/** What is measured. */
export type ProfileMode =
  /** Where CPUs spend their time: a sample so many times a second. */
  | 'cpu'
  /** How long threads are off their CPUs, and why: each switch counts. */
  | 'off-cpu'
  /** Both: all of the time of all threads. */
  | 'wall'
  /** Memory that was allocated by `malloc()` and its like and is not freed yet. */
  | 'allocations';

/** One value of a stack; without a state where the mode has none. */
export interface StateValue {
  readonly state?: ThreadState;
  readonly value: number;
}

interface Mode {
  readonly unit: ProfileUnit;
  readonly isSampled: boolean;
  readonly hasWaits: boolean;
  /** @param period - between two samples, in nanoseconds */
  values(sum: StackSum, state: number, frames: readonly Frame[], period: number): StateValue[];
}

/** All of them. */
export const modes: Readonly<Record<ProfileMode, Mode>> = {
  cpu: {
    unit: 'samples',
    isSampled: true,
    hasWaits: false,
    values: ({ count }) => [{ value: Number(count) }],
  },
  'off-cpu': { unit: 'nanoseconds', isSampled: false, hasWaits: true, values: waitValues },
  wall: {
    unit: 'nanoseconds',
    isSampled: true,
    hasWaits: true,
    values: (sum, state, frames, period) =>
      state === onCpu
        ? [{ state: 'running', value: Number(sum.count) * period }]
        : waitValues(sum, state, frames),
  },
  allocations: {
    unit: 'bytes',
    isSampled: false,
    hasWaits: false,
    values: ({ first, second }) => [{ value: Number(first - second) }],
  },
};

/** Blocked first, then runnable: the same stack. */
function waitValues({ first, second }: StackSum, state: number, frames: readonly Frame[]): StateValue[] {
  return [
    { state: threadState(state, frames), value: Number(first) },
    { state: 'runnable', value: Number(second) },
  ];
}

/**
 * Operations that may block are written once, as generators of steps, and run either with promises on the pool
 * or right here: `load()` and `loadSync()` cannot drift apart.
 */
import type { Jobs, Outcome } from './native.js';
import { native } from './native.js';

/** One thing that may block, in both forms. */
export interface Step {
  readonly later: () => Promise<unknown>;
  readonly now: () => unknown;
}

/** An operation made of steps that answers a `T`. */
export type Flow<T> = Generator<Step, T, unknown>;

/** A native job as a step. */
export function* job<Name extends keyof Jobs>(
  name: Name,
  ...args: Parameters<Jobs[Name]>
): Flow<Outcome<ReturnType<Jobs[Name]>>> {
  type Answer = Outcome<ReturnType<Jobs[Name]>>;
  const table = native() as unknown as Record<string, (...args: unknown[]) => unknown>;
  return (yield {
    later: async () => table[name]?.(...args),
    now: () => table[`${name}Sync`]?.(...args),
  }) as Answer;
}

/** Runs a flow with promises. */
export async function run<T>(flow: Flow<T>): Promise<T> {
  let state = flow.next();
  while (!state.done) {
    let answer: unknown;
    try {
      answer = await state.value.later();
    } catch (error) {
      state = flow.throw(error);
      continue;
    }
    state = flow.next(answer);
  }
  return state.value;
}

/** Runs a flow on this thread, to its end. */
export function runSync<T>(flow: Flow<T>): T {
  let state = flow.next();
  while (!state.done) {
    let answer: unknown;
    try {
      answer = state.value.now();
    } catch (error) {
      state = flow.throw(error);
      continue;
    }
    state = flow.next(answer);
  }
  return state.value;
}

/** Runs flows one after the other, for a native object that takes one call at a time. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** Starts `flow` when everything before it has ended. */
  run<T>(flow: () => Flow<T>): Promise<T> {
    const turn = this.#last.then(() => run(flow()));
    this.#last = turn.catch(() => {});
    return turn;
  }
}

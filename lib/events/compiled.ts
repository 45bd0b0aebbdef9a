/** Loops made for one type: a loop that several types share is slow for all of them. */
import type { Scope } from '../codec/index.js';

/**
 * A function from its source, or where code generation is off the slower one that does the same.
 *
 * @param scope - gives names to the values that the source uses
 */
export function compiled<F>(scope: Scope, body: string, slower: () => F): F {
  try {
    return new Function(...scope.names, body)(...scope.values) as F;
  } catch (error) {
    if (error instanceof EvalError) return slower();
    throw error;
  }
}

// Cases of bpftrace's runtime tests that fail here for a reason: the rest of those that fail are faults.

/** @type {readonly (readonly [pattern: RegExp, reason: string])[]} */
const explanations = [];

/** Why the case of that name fails; undefined where nobody knows. @param {string} name */
export function explanationOf(name) {
  return explanations.find(([pattern]) => pattern.test(name))?.[1];
}

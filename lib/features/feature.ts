/** Whether the kernel has something: yes, no, or not to be found out from here. */
import { isOlderThan, kernelRelease, missingOptions } from '../host/kernel.js';

/** `unknown` where the probe itself failed, as for want of a capability. */
export type Answer = 'yes' | 'no' | 'unknown';

/** A feature of the kernel. */
export interface Feature {
  readonly answer: Answer;
  /** The first version of Linux that has it; undefined where that is not known. */
  readonly since: string | undefined;
  /** Why not, or why it is unknown. */
  readonly reason: string | undefined;
}

/** What a table says of it. */
export interface Requirement {
  readonly since: string;
  readonly config?: readonly string[];
}

/** A feature that is there. */
export function present(since: string | undefined): Feature {
  return { answer: 'yes', since, reason: undefined };
}

/** A feature that is missing. */
export function absent(since: string | undefined, reason: string): Feature {
  return { answer: 'no', since, reason };
}

/** A feature that could not be found out. */
export function unknown(since: string | undefined, reason: string): Feature {
  return { answer: 'unknown', since, reason };
}

/** What cannot be asked: a no where version or options say so, and else unknown. */
export function inconclusive(row: Requirement, reason: string): Feature {
  const why = obstacle(row);
  return why === undefined ? unknown(row.since, reason) : absent(row.since, why);
}

/** Why this kernel cannot have it, by its version and options; undefined where it should. */
export function obstacle({ since, config = [] }: Requirement): string | undefined {
  if (isOlderThan(since)) return `it needs Linux ${since}, and this is ${kernelRelease}`;
  const missing = missingOptions(config).map(option => `CONFIG_${option}`);
  return missing.length === 0 ? undefined : `the kernel was built without ${missing.join(' and ')}`;
}

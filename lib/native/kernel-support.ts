/** What an old kernel lacks, as the reason of an error. */
import { isOlderThan, kernelRelease } from '../host/kernel.js';
import type { Circumstances } from './errno.js';

/** For what came with a version of Linux; undefined where the kernel is as new. */
export function tooOld(since: string, what: string): Circumstances | undefined {
  if (!isOlderThan(since)) return undefined;
  return { reason: `${what} needs Linux ${since}, and this is ${kernelRelease}` };
}

/** What others loaded is found by its number, and the kernel looks a number up only for who has CAP_SYS_ADMIN. */

import { obstaclesToBpf } from '../host/obstacles.js';
import { type Circumstances, check, errnoError, errnoName } from './errno.js';
import type { Status } from './native.js';

/** What an errno means there. */
export function troubleWithOthers(status: Status): Circumstances {
  if (errnoName(status) !== 'EPERM') return {};
  return {
    hint: ['what others loaded takes CAP_SYS_ADMIN', ...obstaclesToBpf(['CAP_SYS_ADMIN'])].join('; '),
  };
}

/** `check()` of such a call. @throws BpfError with the errno's name as code. */
export function checkOfOthers<T>(result: T | Status, operation: string): T {
  if (typeof result === 'number' && result < 0)
    throw errnoError(result, operation, troubleWithOthers(result));
  return check(result, operation) as T;
}

/** Opening BPF objects by id takes CAP_SYS_ADMIN (bpf_prog_get_fd_by_id() in kernel/bpf/syscall.c and its like). */

import { obstaclesToBpf } from '../host/obstacles.js';
import { type Circumstances, errnoError, errnoName, failed } from './errno.js';
import type { Errno, Status } from './native.js';

/** What an errno of such a call means. */
export function explainById(status: Status): Circumstances {
  if (errnoName(status) !== 'EPERM') return {};
  return {
    hint: ['opening by id takes CAP_SYS_ADMIN', ...obstaclesToBpf(['CAP_SYS_ADMIN'])].join('; '),
  };
}

/** `check()` of such a call. @throws BpfError with the errno's name as code. */
export function checkById<T>(result: T | Errno, operation: string): T {
  if (failed(result)) throw errnoError(result, operation, explainById(result));
  return result;
}

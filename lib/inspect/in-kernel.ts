/** All programs, maps, links or types, by rising ids, fetched on the pool a batch at a time. */

import { littleEndian } from '../btf/byte-order.js';
import type { BpfError } from '../errors/bpf-error.js';
import { explainById } from '../native/by-id.js';
import { errnoError, failed } from '../native/errno.js';
import { KernelRecord } from '../native/kernel-record.js';
import { native, type Status } from '../native/native.js';

/** By their numbers in native/inspect/inspect.cc. */
const kinds = ['programs', 'maps', 'BTFs'] as const;

/** The kinds that are listed in batches. */
type ListedKind = (typeof kinds)[number];

/** How many are looked at in one job: some hundred microseconds of it. */
const batchSize = 64;

/**
 * A record of each; what comes or goes meanwhile may be missed.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN (bpf_obj_get_next_id() in kernel/bpf/syscall.c)
 */
export async function* inKernel(kind: ListedKind): AsyncGenerator<KernelRecord, void, undefined> {
  for (let after = 0; ; ) {
    const [batch] = await native().inKernel(kinds.indexOf(kind), after, batchSize);
    if (failed(batch)) throw refusal(batch, kind);
    yield* KernelRecord.all(batch, 8);
    after = new DataView(batch.buffer, batch.byteOffset, 4).getUint32(0, littleEndian);
    if (after === 0) return;
  }
}

function refusal(status: Status, kind: ListedKind): BpfError {
  return errnoError(status, `list the ${kind} in the kernel`, explainById(status));
}

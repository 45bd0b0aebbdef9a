/** All maps in the kernel. */
import { type MapInfo, mapInfoOf } from '../map/map-info.js';
import { inKernel } from './in-kernel.js';

/**
 * Every map on the machine, by rising ids, off the main thread; what comes or goes meanwhile may be missed.
 * `openMap({ id })` opens one.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN (bpf_obj_get_next_id() in kernel/bpf/syscall.c)
 * @since Linux 4.13
 * @example
 * ```ts
 * for await (const { id, kind, name, memory } of maps()) console.log(id, kind, name, memory);
 * ```
 */
export async function* maps(): AsyncGenerator<MapInfo, void, undefined> {
  for await (const record of inKernel('maps')) yield mapInfoOf(record.bytes, name => record.inProc(name));
}

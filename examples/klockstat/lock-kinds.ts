/** What a wait for a lock of the kernel was for, by what the tracepoint and the stack tell. */
import type { Frame } from 'libbpf-ts/symbols';

/** LCB_F_SPIN and its like in include/trace/events/lock.h. */
const bits = { spin: 1, read: 2, write: 4, rt: 8, perCpu: 16, mutex: 32 } as const;

/** The kind of a lock, in the words of perf-lock(1): `:R` asked to read, `:W` to write. */
export function lockKind(flags: number): string {
  if (flags & bits.mutex) return 'mutex';
  const side = flags & bits.read ? ':R' : flags & bits.write ? ':W' : '';
  if (flags & bits.perCpu) return `percpu-rwsem${side}`;
  if (flags & bits.rt) return side === '' ? 'rtmutex' : `rwlock-rt${side}`;
  if (flags & bits.spin) return side === '' ? 'spinlock' : `rwlock${side}`;
  return side === '' ? 'semaphore' : `rwsem${side}`;
}

/** Functions that take locks, and those that tell of it. */
const lockers =
  /^(?:_*bpf_|__traceiter_|_*(?:do_)?raw_(?:spin|read|write)_|native_queued_|queued_|(?:__)?pv_|_*(?:ww_|rt_)?mutex_|_*rt_|_*down(?:_|$)|rwsem_|_*percpu_|osq_|rwbase_)/;

/** The function that asked for the lock: the first that is none of those that take locks. */
export function callerOf(frames: readonly Frame[]): string | undefined {
  return frames.find(({ kind, name }) => kind === 'kernel' && name !== undefined && !lockers.test(name))
    ?.name;
}

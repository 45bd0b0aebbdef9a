/** What a thread did or waited for, by its state in the kernel and the functions that it waited in. */
import type { Frame } from '../symbols/index.js';
import { onCpu } from './stack-record.js';

/**
 * What a thread did or waited for: `running` on a CPU, `runnable` while others had the CPU or the quota of its cgroup was
 * used up; it waited for a time that it named itself (`sleep`), a `lock` of its own or of the kernel, one of several
 * descriptors (`poll`), a `disk`, the `network`, a `pipe`, terminal or eventfd, `memory`, another process's end (`child`), a
 * `signal`; it was `stopped`; or it was `blocked` for something else.
 */
export type ThreadState = (typeof threadStates)[number];

/** All of them. */
export const threadStates = [
  'running',
  'runnable',
  'sleep',
  'lock',
  'poll',
  'disk',
  'network',
  'pipe',
  'memory',
  'child',
  'signal',
  'stopped',
  'blocked',
] as const;

/** `TASK_STOPPED` and `TASK_TRACED` in include/linux/sched.h. */
const stopped = 0xc;

/** Functions of the kernel that threads wait in; the first line that fits any frame of a stack counts. */
const waits: readonly (readonly [state: ThreadState, functions: RegExp])[] = [
  ['memory', /^(?:handle_mm_fault|do_user_addr_fault|do_page_fault|try_to_free|mem_cgroup_handle_over_high|throttle_direct_reclaim|do_swap_page)/],
  ['disk', /^(?:io_schedule|blk_|submit_bio|wait_on_buffer|__wait_on_buffer|jbd2_|folio_wait_bit|wait_on_page_bit|xfs_log|btrfs_)/],
  ['lock', /^(?:do_futex|futex_wait|mutex_lock|__mutex_lock|rwsem_down|down_|locks_lock|flock_lock|fcntl_setlk)/],
  ['sleep', /^(?:do_nanosleep|hrtimer_nanosleep|common_nsleep)/],
  ['poll', /^(?:ep_poll|do_epoll_wait|do_poll|do_sys_poll|do_select|core_sys_select|io_cqring_wait|read_events)/],
  ['network', /^(?:sk_wait_data|sk_stream_wait|inet_|tcp_|udp_|unix_|__?skb_wait|sock_|netlink_|vsock_)/],
  ['pipe', /^(?:pipe_|anon_pipe_|wait_for_partner|n_tty_|tty_|inotify_read|eventfd_read|timerfd_read|signalfd_read)/],
  ['child', /^(?:do_wait|kernel_wait)/],
  ['signal', /^(?:sigsuspend|do_sigtimedwait|__do_sys_pause|__x64_sys_pause|do_sigsuspend)/],
]; // biome-ignore format: a table

/**
 * What a thread waited for while it could not run.
 *
 * @param state - as the stack's record has it
 * @param frames - with their names; of a stack without names only its state is known
 */
export function threadState(state: number, frames: readonly Frame[]): ThreadState {
  if (state === onCpu) return 'running';
  if (state === 0) return 'runnable';
  if ((state & stopped) !== 0) return 'stopped';
  const names = frames.filter(({ kind }) => kind === 'kernel').map(({ name = '' }) => name);
  return waits.find(([, functions]) => names.some(name => functions.test(name)))?.[0] ?? 'blocked';
}

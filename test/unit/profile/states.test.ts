/** What threads waited for, by their stacks; and what of a profile is in stacks that are cut. */
import { describe, expect, it } from 'vitest';
import { createProfile } from '../../../lib/profile/index.js';
import { threadState } from '../../../lib/profile/thread-state.js';
import { parseKernelStack } from '../../../lib/profile/waiting-threads.js';
import type { Frame, FrameKind } from '../../../lib/symbols/index.js';

function frame(name: string | undefined, kind: FrameKind = 'native', module = '/opt/app'): Frame {
  return { address: 0x1000n, kind, name, module };
}

/** Stacks as /proc/PID/stack of Linux 5.10 to 6.18 has them. */
const stacks = {
  sleep: '[<0>] hrtimer_nanosleep+0x9e/0x140\n[<0>] __x64_sys_clock_nanosleep+0xb7/0x110',
  poll: '[<0>] ep_poll+0x2f1/0x360\n[<0>] do_epoll_wait+0xb6/0xe0\n[<0>] __x64_sys_epoll_wait+0x5a/0xb0',
  lock: '[<0>] futex_wait_queue+0x60/0x90\n[<0>] futex_wait+0x189/0x270\n[<0>] do_futex+0x105/0x1d0',
  disk: '[<0>] folio_wait_bit_common+0x13d/0x350\n[<0>] filemap_read+0x302/0x3c0\n[<0>] ext4_file_read_iter+0x5b/0x1b0 [ext4]',
  network: '[<0>] unix_stream_read_generic+0x7a4/0xb50\n[<0>] unix_stream_recvmsg+0x8d/0xa0',
  pipe: '[<0>] pipe_read+0x3a5/0x4c0\n[<0>] vfs_read+0x208/0x350',
  memory: '[<0>] folio_wait_bit_common+0x13d/0x350\n[<0>] handle_mm_fault+0xd5/0x2d0',
  child: '[<0>] do_wait+0x60/0xf0\n[<0>] kernel_wait4+0xaf/0x150',
  signal: '[<0>] do_sigtimedwait+0x178/0x240\n[<0>] __x64_sys_rt_sigtimedwait+0x72/0xc0',
  blocked: '[<0>] new_kind_of_waiting+0x1/0x2',
};

describe('what a thread waited for', () => {
  it.each(Object.entries(stacks))('is by its kernel stack: %s', (state, text) => {
    expect(threadState(1, parseKernelStack(text))).toBe(state);
  });

  it('is by its state alone where that says it', () => {
    const frames = parseKernelStack(stacks.poll);
    expect([0, 0x200, 4, 8, 1].map(state => threadState(state, frames))).toEqual([
      'runnable',
      'running',
      'stopped',
      'stopped',
      'poll',
    ]);
    expect(threadState(2, [frame('ep_poll')])).toBe('blocked');
  });
});

describe('a kernel stack of /proc', () => {
  it('has names, offsets and modules', () => {
    expect(parseKernelStack(`${stacks.disk}\n[<0>] nonsense\n`)).toEqual([
      { address: 0n, kind: 'kernel', name: 'folio_wait_bit_common', offset: 0x13d, module: '[kernel]' },
      { address: 0n, kind: 'kernel', name: 'filemap_read', offset: 0x302, module: '[kernel]' },
      { address: 0n, kind: 'kernel', name: 'ext4_file_read_iter', offset: 0x5b, module: '[ext4]' },
    ]);
    expect(parseKernelStack('')).toEqual([]);
  });
});

describe('broken stacks', () => {
  const profile = createProfile(
    [
      { process: 'a', frames: [frame('work'), frame('main')], value: 5 },
      { process: 'a', frames: [frame('read'), frame(undefined, 'native', '/lib/libc.so.6')], value: 3 },
      { process: 'a', frames: [frame('sys_read', 'kernel')], value: 7 },
      { process: 'b', frames: [frame('x', 'kernel'), frame(undefined, 'unknown')], value: 4 },
      {
        process: 'b',
        frames: [frame('uv_thread'), frame('start_thread', 'native', '/lib/libc.so.6')],
        value: 1,
      },
    ],
    { unit: 'samples' },
  );

  it('are those that reach no start of a thread, by the file that they end in', () => {
    expect(profile.brokenStacks()).toEqual([
      { module: '/opt/app', value: 4, share: 0.2 },
      { module: '/lib/libc.so.6', value: 3, share: 0.15 },
    ]);
  });

  it('are none where there is nothing', () => {
    expect(createProfile([], { unit: 'bytes' }).brokenStacks()).toEqual([]);
  });
});

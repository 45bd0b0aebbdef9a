/** Cookies: one program, attached in several places, knows in which it runs. */
import type { Link, LoadedObject } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { cookies } from '../../bpf/cookies.bpf.js';
import type { FeatureName } from '../../support/features.js';
import { callGetppid } from '../../support/getppid.js';
import { need } from '../../support/need.js';

type Programs = LoadedObject<typeof cookies.description>['programs'];
type Name = keyof Programs;

const { pid, execPath: binary } = process;
const cookie = 2n ** 64n - 1n;

/** Each kind, what the kernel needs for its cookie, and how it is attached. */
const cases: readonly (readonly [Name, FeatureName, (programs: Programs) => Promise<Link>])[] = [
  [
    'in_user_code',
    'cookie',
    programs => programs.in_user_code.attach({ binary, function: 'uv_os_getppid', pid, cookie }),
  ],
  [
    'in_tracepoint',
    'cookie',
    programs => programs.in_tracepoint.attach({ category: 'syscalls', name: 'sys_enter_getppid', cookie }),
  ],
  [
    'in_perf_event',
    'cookie',
    programs => programs.in_perf_event.attach({ event: 'page-faults', period: 1, pid, cookie }),
  ],
  [
    'in_raw_tracepoint',
    'raw_tp.cookie',
    programs => programs.in_raw_tracepoint.attach({ name: 'sys_enter', cookie }),
  ],
  ['in_typed_tracepoint', 'raw_tp.cookie', programs => programs.in_typed_tracepoint.attach({ cookie })],
];

describe('a cookie', () => {
  it.for(cases)('reaches a program %s', async ([name, feature, attach], context) => {
    need(context, feature);
    const opened = await cookies.open({ rodata: { target_pid: pid } });
    opened.programs[name].autoload = true;
    await using bpf = await opened.load();
    await attach(bpf.programs);
    callGetppid(1);
    Buffer.alloc(16 << 20, 1);
    expect(bpf.globals.bss.cookie).toBe(cookie);
  });
});

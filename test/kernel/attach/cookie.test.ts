/** Cookies: one program, attached in several places, knows in which it runs. */
import type { Link, LoadedObject } from 'libbpf-ts';
import { describe, expect, it, type TestContext } from 'vitest';
import { cookies } from '../../bpf/cookies.bpf.js';
import { traced } from '../../bpf/traced.bpf.js';
import { fault } from '../../support/faults.js';
import { type FeatureName, features } from '../../support/features.js';
import { callGetppid } from '../../support/getppid.js';
import { thisKernel } from '../../support/kernel.js';
import { need, obstacle } from '../../support/need.js';

type Programs = LoadedObject<typeof cookies.description>['programs'];
type Name = keyof Programs;

const { pid, execPath: binary } = process;
const cookie = 2n ** 64n - 1n;

type Case = readonly [Name, attach: (programs: Programs) => Promise<Link>];

const ofPerfEvents: readonly Case[] = [
  [
    'in_user_code',
    ({ in_user_code }) => in_user_code.attach({ binary, function: 'uv_os_getppid', pid, cookie }),
  ],
  [
    'in_tracepoint',
    ({ in_tracepoint }) => in_tracepoint.attach({ category: 'syscalls', name: 'sys_enter_getppid', cookie }),
  ],
  [
    'in_perf_event',
    ({ in_perf_event }) => in_perf_event.attach({ event: 'page-faults', period: 1, pid, cookie }),
  ],
];

const ofRawTracepoints: readonly Case[] = [
  ['in_raw_tracepoint', ({ in_raw_tracepoint }) => in_raw_tracepoint.attach({ name: 'sys_enter', cookie })],
  ['in_typed_tracepoint', ({ in_typed_tracepoint }) => in_typed_tracepoint.attach({ cookie })],
];

async function arrives([name, attach]: Case): Promise<void> {
  const opened = await cookies.open({ rodata: { target_pid: pid } });
  opened.programs[name].autoload = true;
  await using bpf = await opened.load();
  await attach(bpf.programs);
  callGetppid(1);
  fault();
  expect(bpf.globals.bss.cookie).toBe(cookie);
}

describe('a cookie', () => {
  it.for(ofPerfEvents)('reaches a program %s', async (one, context) => {
    need(context, 'cookie');
    await arrives(one);
  });

  it.for(ofRawTracepoints)('reaches a program %s', async (one, context) => {
    need(context, 'raw_tp.cookie');
    await arrives(one);
  });
});

describe('a cookie that the kernel cannot keep', () => {
  it('is refused with the version, of a tracepoint', async context => {
    requireMissing(context, 'cookie');
    await using bpf = await traced.load();
    const place = { category: 'syscalls', name: 'sys_enter_getppid' };
    await expect(bpf.programs.plain.attach({ ...place, cookie })).rejects.toThrow(
      /^attach plain to tp .*, a cookie of tp needs Linux 5\.15, and this is /,
    );
  });

  it('is refused with the version, of a raw one', async context => {
    requireMissing(context, 'raw_tp.cookie');
    await using bpf = await traced.load();
    await expect(bpf.programs.raw.attach({ name: 'sys_enter', cookie })).rejects.toThrow(
      /^attach raw to raw_tp .*, a cookie of raw_tp needs Linux 6\.10, and this is /,
    );
  });
});

/** Skips where the kernel has the feature: what is said without it is shown by older ones. */
function requireMissing(context: TestContext, name: FeatureName): void {
  if (obstacle(features[name], thisKernel()) === undefined) context.skip('this kernel has it');
}

/** The link contract for kinds of tracing, each with an effect of its own. */
import { readFileSync } from 'node:fs';
import type { LoadedObject, Program } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { either } from '../../bpf/either.bpf.js';
import { many } from '../../bpf/many.bpf.js';
import { sampled } from '../../bpf/sampled.bpf.js';
import { traced } from '../../bpf/traced.bpf.js';
import { user } from '../../bpf/user.bpf.js';
import { fdInfo } from '../../support/descriptors.js';
import { fault } from '../../support/faults.js';
import type { FeatureName } from '../../support/features.js';
import { makeFolder } from '../../support/file-calls.js';
import { callGetppid, watchGetppid } from '../../support/getppid.js';
import { linkContracts } from '../../support/link-contract.js';
import { need } from '../../support/need.js';

const { execPath: binary, pid } = process;

/** Calls getppid(2), or does something else, and tells whether a counter moved. */
function moves(counter: () => bigint, act = () => callGetppid(1)): () => boolean {
  return () => {
    const before = counter();
    act();
    return counter() > before;
  };
}

interface Kind {
  readonly name: keyof LoadedObject<typeof many.description>['programs'];
  readonly needs: readonly FeatureName[];
  readonly type: string;
  readonly number?: number;
  readonly options?: Parameters<Program['attach']>[0];
  readonly act?: () => void;
}

const functions = ['__x64_sys_getppid', '__x64_sys_getpgid'];
const ofThis = { binary, functions: ['uv_os_getppid'] };

/** In memory, where no file system stands on another; or tries to, where it is denied. */
function makeOne(): void {
  try {
    makeFolder('contract', 0o700, '/dev/shm');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

/** Those that few kernels have all of. */
const kinds: readonly Kind[] = [
  {
    name: 'called',
    needs: ['kprobe', 'perf_event.link'],
    type: 'perf_event',
    options: { syscall: 'getppid' },
  },
  {
    name: 'kernel_functions',
    needs: ['kprobe.multi'],
    type: 'kprobe_multi',
    number: 8,
    options: { functions, cookies: [5n, 6n] },
  },
  {
    name: 'kernel_session',
    needs: ['kprobe.session'],
    type: 'kprobe_multi',
    number: 8,
    options: { functions },
  },
  {
    name: 'user_functions',
    needs: ['uprobe.multi'],
    type: 'uprobe_multi',
    number: 12,
    options: { ...ofThis, cookies: [9n], pid },
  },
  { name: 'user_session', needs: ['uprobe.session'], type: 'uprobe_multi', number: 12, options: ofThis },
  { name: 'deny', needs: ['fmod_ret'], type: 'tracing', act: makeOne },
  { name: 'both_ends', needs: ['fsession'], type: 'tracing', act: makeOne },
];

const idOf = ({ fd }: { readonly fd: number }) => fdInfo(fd, 'prog_id');

describe('the link contract', () => {
  const linkContract = linkContracts();

  it('holds for a raw tracepoint', async () => {
    await using bpf = await traced.load(watchGetppid);
    const { raw } = bpf.programs;
    const link = await raw.attach({ name: 'sys_enter' });
    expect(link.info).toMatchObject({ type: 'raw_tracepoint', name: 'sys_enter' });
    const works = moves(() => bpf.globals.bss.by_raw);
    await linkContract({ link, type: 'raw_tracepoint', programId: idOf(raw), works });
  });

  it('holds for a tracepoint with types', async () => {
    await using bpf = await traced.load(watchGetppid);
    const { typed } = bpf.programs;
    const link = await typed.attach();
    const works = moves(() => bpf.globals.bss.by_btf);
    // The kernel attaches tp_btf as a raw tracepoint.
    await linkContract({ link, type: 'raw_tracepoint', programId: idOf(typed), works });
  });

  it('holds for a tracepoint of tracefs', async context => {
    need(context, 'perf_event.link');
    await using bpf = await traced.load(watchGetppid);
    const { plain } = bpf.programs;
    const link = await plain.attach({ category: 'syscalls', name: 'sys_enter_getppid' });
    const works = moves(() => bpf.globals.bss.by_tracepoint);
    await linkContract({ link, type: 'perf_event', programId: idOf(plain), works });
  });

  it('holds for a uprobe', async context => {
    need(context, 'perf_event.link');
    await using bpf = await user.load();
    const { called } = bpf.programs;
    const link = await called.attach({ binary, function: 'uv_os_getppid', pid });
    const works = moves(() => bpf.globals.bss.calls);
    await linkContract({ link, type: 'perf_event', programId: idOf(called), works });
  });

  it('holds for a perf event', async context => {
    need(context, 'perf_event.link');
    await using bpf = await sampled.load({ rodata: { target_pid: pid } });
    const { sample } = bpf.programs;
    const link = await sample.attach({ event: 'page-faults', period: 1, pid });
    const works = moves(() => bpf.globals.bss.samples, fault);
    await linkContract({ link, type: 'perf_event', programId: idOf(sample), works });
  });

  it('holds for a trampoline', async context => {
    need(context, 'fentry');
    await using bpf = await either.load({ rodata: { target_pid: pid } }, { alternatives: [['by_entry']] });
    const { by_entry } = bpf.programs;
    const link = await by_entry.attach();
    const works = moves(
      () => bpf.globals.bss.hits,
      () => void readFileSync('/dev/null'),
    );
    await linkContract({ link, type: 'tracing', programId: idOf(by_entry), works });
  });

  it('holds for an iterator', async () => {
    await using bpf = await sampled.load();
    const { tasks } = bpf.programs;
    const link = await tasks.attach();
    expect(link.info).toMatchObject({ target: 'task' });
    const works = async () => !link.closed && (await link.text()).includes(`${pid} `);
    await linkContract({ link, type: 'iter', programId: idOf(tasks), works });
  });

  it.for(kinds)('holds for $name', async ({ name, needs, type, number, options, act }, context) => {
    for (const feature of needs) need(context, feature);
    await using bpf = await many.load({ rodata: { target_pid: pid } }, { alternatives: [[name]] });
    const program: Program = bpf.programs[name];
    const link = await program.attach(options);
    const works = moves(() => bpf.globals.bss.entries, act);
    await linkContract({ link, type, ...(number && { number }), programId: idOf(program), works });
  });
});

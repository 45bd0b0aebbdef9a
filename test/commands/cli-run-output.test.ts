/** `libbpf-ts run` shows all that an object gives: perf buffers, iterators' lines, what it prints. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callGetppid, getppid } from '../support/getppid.js';
import { during, main } from '../support/run-command.js';
import { mountTracefs } from '../support/tracefs.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
const object = join(folder, 'speaks.bpf.o');
afterAll(() => rmSync(folder, { recursive: true }));

/** What most perf buffers are declared like: the sizes are those of an index and a descriptor. */
const source = `
  #include "vmlinux.h"
  #include <bpf/bpf_helpers.h>
  #include <bpf/bpf_tracing.h>
  const volatile __u32 target_pid = 0;
  const volatile __u64 watched = 0;
  struct record { __u64 stamp; __u32 pid; __u32 sum; __u32 more; __u32 rest; };
  struct record *keep_type;
  struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(key_size, sizeof(__u32)); __uint(value_size, sizeof(__u32)); }
    by_size SEC(".maps");
  struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __type(key, int); __type(value, int); } by_type SEC(".maps");
  SEC("raw_tp/sys_enter") int watch(struct bpf_raw_tracepoint_args *ctx)
  {
    struct record record = { .stamp = 0x1122334455667788, .sum = 7, .more = 9, .rest = 11 };
    record.pid = bpf_get_current_pid_tgid() >> 32;
    if (record.pid != target_pid || ctx->args[1] != watched) return 0;
    bpf_perf_event_output(ctx, &by_size, BPF_F_CURRENT_CPU, &record, 24);
    bpf_perf_event_output(ctx, &by_type, BPF_F_CURRENT_CPU, &record, 12);
    bpf_printk("seen %d", record.pid);
    return 0;
  }
  SEC("iter/task") int tasks(struct bpf_iter__task *ctx)
  {
    struct task_struct *task = ctx->task;
    if (!task || task->pid != target_pid) return 0;
    char format[] = "task %d\\n";
    __u64 pid = task->pid;
    bpf_seq_printf(ctx->meta->seq, format, sizeof(format), &pid, sizeof(pid));
    return 0;
  }
  char LICENSE[] SEC("license") = "GPL";
`;

/** What the program writes: a record's first bytes. The kernel pads records of perf buffers. */
const bytes = Buffer.alloc(24);
bytes.writeBigUInt64LE(0x1122334455667788n);
bytes.writeUInt32LE(process.pid, 8);
bytes.writeUInt32LE(7, 12);
bytes.writeUInt32LE(9, 16);
bytes.writeUInt32LE(11, 20);

beforeAll(() => {
  mountTracefs();
  writeFileSync(join(folder, 'speaks.bpf.c'), source);
  execFileSync(process.execPath, [main, 'build', join(folder, 'speaks.bpf.c')]);
});

const watching = ['--set', `target_pid=${process.pid}`, '--set', `watched=${getppid}`];

describe('libbpf-ts run', () => {
  it('shows perf buffers, iterators and prints as JSON', async () => {
    const { code, stdout, stderr } = await during([object, '--json', ...watching], () => callGetppid(3));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    const records = lines.filter(({ type }) => type === 'record');
    expect(records.map(({ ring }) => ring).sort()).toEqual([
      ...Array(3).fill('by_size'),
      ...Array(3).fill('by_type'),
    ]);
    for (const { ring, value } of records) {
      const length = ring === 'by_size' ? 24 : 12;
      expect(value.slice(0, 2 * length)).toBe(bytes.toString('hex', 0, length));
    }
    const printed = lines.filter(
      ({ type, message }) => type === 'printed' && message === `seen ${process.pid}`,
    );
    expect(printed).toHaveLength(3);
    expect(lines.filter(({ type }) => type === 'line')).toEqual([
      { type: 'line', program: 'tasks', text: `task ${process.pid}` },
    ]);
  });

  it('shows them as text', async () => {
    const { stdout } = await during([object, ...watching], () => callGetppid(1));
    const lines = stdout.split('\n');
    expect(lines).toContain(`task ${process.pid}`);
    expect(lines.filter(line => line.endsWith(`-${process.pid}: seen ${process.pid}`))).toHaveLength(1);
    expect(lines.filter(line => line.includes(bytes.toString('hex')))).toHaveLength(1);
  });

  it('gives records a type that is said', async () => {
    const typed = ['--type', 'by_size=struct record'];
    const { stdout } = await during([object, '--json', ...watching, ...typed], () => callGetppid(1));
    const record = stdout.split('\n').find(line => line.includes('"ring":"by_size"')) ?? '{}';
    const value = { stamp: String(0x1122334455667788n), pid: process.pid, sum: 7, more: 9, rest: 11 };
    expect(JSON.parse(record)).toEqual({ type: 'record', ring: 'by_size', value });
  });
});

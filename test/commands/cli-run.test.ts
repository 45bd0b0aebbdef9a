/** `libbpf-ts run`: any object, shown as text and as JSON. Its programs watch this process only. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';
import { callGetppid, getppid } from '../support/getppid.js';
import { during, main } from '../support/run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
const object = join(folder, 'note.bpf.o');
afterAll(() => rmSync(folder, { recursive: true }));

/** A ring whose records nothing describes, a map, and a program that no section attaches. */
const source = `
  #include "vmlinux.h"
  #include <bpf/bpf_helpers.h>
  enum mood { CALM, EAGER };
  struct note { __u32 pid; enum mood mood; __u64 count; };
  struct note unused;
  const volatile __u32 target_pid = 0;
  const volatile __u64 watched = 0;
  const volatile enum mood mood = CALM;
  __u64 count = 0;
  struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 1 << 16); } notes SEC(".maps");
  struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, __u64); }
    counts SEC(".maps");
  SEC("raw_tp/sys_enter") int watch(struct bpf_raw_tracepoint_args *ctx)
  {
    __u32 pid = bpf_get_current_pid_tgid() >> 32;
    if (pid != target_pid || ctx->args[1] != watched) return 0;
    struct note note = { .pid = pid, .mood = mood, .count = count++ };
    bpf_map_update_elem(&counts, &pid, &note.count, BPF_ANY);
    bpf_ringbuf_output(&notes, &note, sizeof(note), 0);
    return 0;
  }
  SEC("xdp") int lonely(struct xdp_md *ctx) { return XDP_PASS; }
  char LICENSE[] SEC("license") = "GPL";
`;

beforeAll(() => {
  writeFileSync(join(folder, 'note.bpf.c'), source);
  execFileSync(process.execPath, [main, 'build', join(folder, 'note.bpf.c')]);
});

const watching = ['--set', `target_pid=${process.pid}`, '--set', `watched=${getppid}`];

describe('libbpf-ts run', () => {
  it('prints records, maps and variables as text, and what it did not attach', async () => {
    const args = [object, ...watching, '--set', 'mood=EAGER', '--type', 'notes=struct note'];
    const { code, stdout, stderr } = await during(args, () => callGetppid(2));
    const { pid } = process;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'lonely is not attached: section xdp does not say where to attach\nattached: watch; Ctrl-C ends\n',
    });
    const records = [0, 1].map(count => `pid=${pid} mood=EAGER count=${count}`);
    const variables = `  target_pid = ${pid}\n  watched = ${getppid}\n  mood = EAGER`;
    expect(stdout).toContain(`${records.join('\n')}\n\ncounts (hash)\n  ${pid} = 1\n`);
    expect(stdout).toContain(`\n.rodata\n${variables}\n`);
    expect(stdout).toMatch(/^\.bss\n(.*\n)*? {2}count = 2$/m);
  });

  it('prints the same as JSON, by SIGTERM too', async () => {
    const args = [object, '--json', ...watching, '--type', 'notes=note'];
    const { code, stdout, stderr } = await during(args, () => callGetppid(1), 'SIGTERM');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const reason = 'section xdp does not say where to attach';
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines.slice(0, 3)).toEqual([
      { type: 'attached', programs: ['watch'], skipped: [{ program: 'lonely', reason }] },
      { type: 'record', ring: 'notes', value: { pid: process.pid, mood: 'CALM', count: '0' } },
      { type: 'map', name: 'counts', kind: 'hash', entries: [{ key: process.pid, value: '0' }] },
    ]);
    expect(lines.slice(3).map(({ section }) => section)).toEqual(expect.arrayContaining(['rodata', 'bss']));
  });

  it('shows records that nothing describes as hexadecimal bytes', async () => {
    const { stdout } = await during([object, '--json', ...watching], () => callGetppid(1));
    const [, record] = stdout.split('\n').map(line => line && JSON.parse(line));
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32LE(process.pid);
    expect(record).toEqual({ type: 'record', ring: 'notes', value: bytes.toString('hex') });
  });

  it('ends by itself after the time', async () => {
    const { code, stdout } = await ended(process.execPath, [main, 'run', object, '-d', '0.2', '--json']);
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('"attached"')]);
  });

  it.each([
    [['--set', 'nope=1'], /^error: set nope: .*there are .*target_pid/],
    [['--set', 'target_pid=many'], /^error: set target_pid: ERR_BPF_VALUE, .*many/],
    [['--type', 'nope=note'], /^error: .*nope/],
    [['--type', 'notes=nothing'], /^error: .*nothing/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await ended(process.execPath, [main, 'run', object, ...args]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });

  it('runs the example, with nothing generated, for this process tree', async () => {
    const example = join(checkout, 'examples/execsnoop/execsnoop.bpf.o');
    const args = [example, '--json', '--set', `tree_root=${process.pid}`, '--set', 'name=tr'];
    const { stdout } = await during(args, () => spawnSync('/bin/true', ['naïve', ''], { argv0: 'argv0' }));
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    const { value } = lines.find(({ type }) => type === 'record');
    expect(value).toMatchObject({ ppid: process.pid, retval: 0, comm: 'true', args_count: 3 });
    expect(Buffer.from(value.args, 'hex').toString()).toBe('/bin/true\0argv0\0naïve\0\0');
    const { variables } = lines.find(({ section }) => section === 'bss');
    expect(variables).toEqual({ sent: '1', dropped: '0', untracked: '0' });
  });
});

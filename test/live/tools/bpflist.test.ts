/** bpflist: what processes hold, as their descriptors in /proc and bpftool tell it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rowsOf, startTool, toolWith } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly comm: string;
  readonly kind: string;
  readonly count: number;
  readonly things: readonly { readonly id: number; readonly name?: string }[];
}

/** The field of fdinfo that has the number, and the object of bpftool that knows the name. */
const fields = {
  program: ['prog_id', 'prog'],
  map: ['map_id', 'map'],
  link: ['link_id', ''],
  btf: ['btf_id', ''],
} as const;

/** The ids of one kind in the descriptors of a process: proc_pid_fdinfo(5). */
function idsOf(pid: number, field: string): number[] {
  const folder = `/proc/${pid}/fdinfo`;
  const ids = readdirSync(folder).flatMap(fd => {
    const text = readFileSync(`${folder}/${fd}`, 'utf8');
    // Links and perf events have the number of their program too.
    if (field === 'prog_id' && /^(link_id|prog_type):/m.exec(text)?.[1] !== 'prog_type') return [];
    const [, id] = new RegExp(`^${field}:\\s*(\\d+)$`, 'm').exec(text) ?? [];
    return id === undefined ? [] : [Number(id)];
  });
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** A name as bpftool has it, of which the kernel keeps 15 characters. */
function bpftoolName(object: string, id: number): string {
  const text = execFileSync('bpftool', ['--json', object, 'show', 'id', `${id}`], { encoding: 'utf8' });
  return (JSON.parse(text) as { name: string }).name;
}

it('shows all that a process holds, with its names', async () => {
  const tracer = await startTool('opensnoop', '-p', '4194304');
  const pid = tracer.child.pid ?? 0;
  const rows = rowsOf<Row>(await toolWith('bpflist', '--json', '-p', `${pid}`));
  expect(new Set(rows.map(row => row.pid))).toEqual(new Set([pid]));
  expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(Object.keys(fields)));
  for (const [kind, [field, object]] of Object.entries(fields)) {
    const row = rows.find(each => each.kind === kind);
    const ids = idsOf(pid, field);
    expect(ids.length, kind).toBeGreaterThan(0);
    expect([row?.count, row?.things.map(({ id }) => id)], kind).toEqual([ids.length, ids]);
    for (const { id, name = '' } of object === '' ? [] : (row?.things ?? []))
      expect(name.slice(0, 15)).toBe(bpftoolName(object, id).slice(0, 15));
  }
  const named = rowsOf<Row>(await toolWith('bpflist', '--json', '-n', 'nod*'));
  expect(named.filter(row => row.pid === pid)).toEqual(rows);
  await tracer.stop();
  const after = await toolWith('bpflist', '--json', '-p', `${pid}`);
  expect([after.code, after.stdout]).toEqual([0, '']);
});

it('is a table, and refuses what a descriptor has not', async () => {
  const tracer = await startTool('opensnoop', '-p', '4194304');
  const { stdout } = await toolWith('bpflist', '-p', `${tracer.child.pid}`);
  expect(stdout).toMatch(/^ +PID COMM +KIND +COUNT THINGS\n/);
  expect(stdout).toMatch(/ node +program +\d+ .*\b\d+ enter_openat,/);
  await tracer.stop();
  for (const args of [
    ['-t', '1'],
    ['-u', '0'],
    ['--cgroup', '/'],
  ]) {
    const { code, stderr } = await toolWith('bpflist', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('descriptors belong to processes')]);
  }
});

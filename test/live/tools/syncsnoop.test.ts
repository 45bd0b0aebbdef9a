/** syncsnoop: calls that have data written, beside strace. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { rowsOf, toolWith } from '../../support/tool-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly call: string;
  readonly error?: string;
  readonly fd?: number;
  readonly file?: string;
  readonly duration: number;
}

const script = `
import os, mmap
file = os.open('${folder}/written', os.O_CREAT | os.O_RDWR); os.write(file, b'x' * 4096)
for _ in range(20): os.fsync(file); os.fdatasync(file)
memory = mmap.mmap(file, 4096); memory.flush()
try: os.fsync(77)
except OSError: pass
`;

it('syncsnoop shows each call once and right, none more, as strace does', async () => {
  const trace = join(folder, 'trace');
  const python = ['python3', '-S', '-c', script];
  const tool = await toolWith('syncsnoop', '--json', '--', ...python);
  const rows = rowsOf<Row>(tool).map(({ call, error, fd, file }) => [call, error, fd, file]);
  const pair = [
    ['fsync', undefined, 3, 'written'],
    ['fdatasync', undefined, 3, 'written'],
  ];
  const rest = [
    ['msync', undefined, undefined, undefined],
    ['fsync', 'EBADF', 77, undefined],
  ];
  expect(rows).toEqual([...Array(20).fill(pair).flat(), ...rest]);
  expect(rowsOf<Row>(tool).every(({ duration }) => duration > 0)).toBe(true);
  const calls = 'sync,syncfs,fsync,fdatasync,msync,sync_file_range';
  execFileSync('strace', ['-f', '-qq', '-e', `trace=${calls}`, '-e', 'signal=none', '-o', trace, ...python]);
  const named = Array.from(readFileSync(trace, 'utf8').matchAll(/ (\w+)\(/g), ([, name]) => name);
  expect(rows.map(([call]) => call)).toEqual(named);
});

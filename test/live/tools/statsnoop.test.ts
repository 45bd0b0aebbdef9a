/** statsnoop: looks at files with a known answer, beside libbpf-tools. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { beside, rowsOf, Workload } from '../../support/tool-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly call: string;
  readonly path: string;
  readonly error?: string;
}

const work = `
os.chdir('${folder}'); base = os.open('${folder}', os.O_RDONLY)
def attempt(call, *args, **more):
    try: call(*args, **more)
    except OSError: pass
    time.sleep(0.001) # libbpf-tools lose events that come faster
for i in range(100): attempt(os.stat, '/etc/passwd'); attempt(os.lstat, f'none {i}')
attempt(os.stat, 'below', dir_fd=base); attempt(os.statvfs, '/proc'); attempt(os.fstat, base)
libc = ctypes.CDLL(None); libc.statfs(b'/sys', ctypes.create_string_buffer(512))
libc.syscall(${process.arch === 'x64' ? 332 : 291}, base, b'none', 0, 0xfff, ctypes.create_string_buffer(512))
`;

it('statsnoop shows each look once and right, none more, and all that statsnoop of libbpf-tools shows', async () => {
  await using workload = await Workload.start(work);
  const args = ['-p', `${workload.pid}`];
  const { ours, theirs } = await beside(
    workload,
    ['statsnoop', '--json', ...args],
    /PID/,
    ['statsnoop-libbpf', ...args],
    200,
  );
  const rows = rowsOf<Row>(ours)
    .filter(({ path }) => path !== '')
    .map(({ path, error }) => [path, error]);
  const pairs = Array.from({ length: 100 }, (_, i) => [
    ['/etc/passwd', undefined],
    [`${folder}/none ${i}`, 'ENOENT'],
  ]).flat();
  const fromBelow = rows.findIndex(([path]) => path === `${folder}/below`);
  expect(rows.slice(0, fromBelow)).toEqual(pairs);
  expect(rows.slice(fromBelow)).toEqual([
    [`${folder}/below`, 'ENOENT'],
    ['/proc', undefined],
    ...rows.slice(fromBelow + 2, -2),
    ['/sys', undefined],
    [`${folder}/none`, 'ENOENT'],
  ]);
  const lines = theirs.stdout.split('\n').filter(line => line.startsWith(`${workload.pid} `));
  expect(lines.filter(line => line.endsWith('/etc/passwd'))).toHaveLength(100);
  expect(lines.filter(line => /\/none \d+$/.test(line))).toHaveLength(100);
});

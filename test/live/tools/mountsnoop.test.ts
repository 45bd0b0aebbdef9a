/** mountsnoop: mounts in a mount namespace of the test's own, beside libbpf-tools. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { beside, rowsOf, startTool, toolWith, Workload } from '../../support/tool-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-mounts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly pid: number;
  readonly call: string;
  readonly error?: string;
  readonly path?: string;
  readonly source?: string;
  readonly type?: string;
  readonly flags: readonly string[];
  readonly options?: string;
  readonly command?: string;
  readonly value?: string;
  readonly fd?: number;
  readonly result?: number;
  readonly namespace: number;
}

/** Numbers of the calls are the same on all processors that have come since they have: <asm-generic/unistd.h>. */
const work = `
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
assert libc.unshare(0x20000) == 0
print('namespace', os.stat('/proc/self/ns/mnt').st_ino, flush=True)
def mount(source, target, kind, flags, data):
    text = lambda one: one and one.encode()
    return libc.mount(text(source), text(target), text(kind), flags, text(data))
mount('none', '/', None, 1 << 14 | 1 << 18, None)
os.chdir('${folder}'); os.mkdir('there')
mount('a disk', 'there', 'tmpfs', 2 | 8, 'size=1m')
mount('x', '${folder}/none', 'tmpfs', 0, None)
mount('x', './there', 'nosuchfs', 1, None)
libc.umount2(b'there', 2); libc.umount2(b'there', 0)
fs = libc.syscall(430, b'tmpfs', 1)
libc.syscall(431, fs, 1, b'size', b'2m', 0); libc.syscall(431, fs, 0, b'noswap-or-so', None, 0)
libc.syscall(431, fs, 6, None, None, 0)
mounted = libc.syscall(432, fs, 1, 4); base = os.open('${folder}', os.O_PATH)
libc.syscall(429, mounted, b'', base, b'there', 4)
libc.syscall(428, base, b'there', 1)
libc.umount2(b'${folder}/there', 0)
`;

const expected = [
  ['mount', '/', undefined, { source: 'none', flags: ['rec', 'private'] }],
  [
    ...['mount', `${folder}/there`, undefined],
    { source: 'a disk', type: 'tmpfs', flags: ['nosuid', 'noexec'], options: 'size=1m' },
  ],
  ['mount', `${folder}/none`, 'ENOENT', { source: 'x', type: 'tmpfs', flags: [] }],
  ['mount', `${folder}/./there`, 'ENODEV', { source: 'x', type: 'nosuchfs', flags: ['ro'] }],
  ['umount', `${folder}/there`, undefined, { flags: ['detach'] }],
  ['umount', `${folder}/there`, 'EINVAL', { flags: [] }],
  ['fsopen', undefined, undefined, { type: 'tmpfs', result: expect.any(Number) }],
  ['fsconfig', undefined, undefined, { command: 'set-string', options: 'size', value: '2m' }],
  ['fsconfig', undefined, 'EINVAL', { command: 'set-flag', options: 'noswap-or-so' }],
  ['fsconfig', undefined, undefined, { command: 'create' }],
  ['fsmount', undefined, undefined, { flags: ['nodev'], fd: expect.any(Number), result: expect.any(Number) }],
  ['move_mount', `${folder}/there`, undefined, { fd: expect.any(Number) }],
  ['open_tree', `${folder}/there`, undefined, { result: expect.any(Number) }],
  ['umount', `${folder}/there`, 'EBUSY', { flags: [] }],
];

it('mountsnoop shows each call once and right, none more, as mountsnoop of libbpf-tools does', async () => {
  await using workload = await Workload.start(work);
  const args = ['-p', `${workload.pid}`];
  const failures = await startTool('mountsnoop', '--json', '-x', ...args);
  const { ours, theirs } = await beside(
    workload,
    ['mountsnoop', '--json', ...args],
    /COMM/,
    ['mountsnoop-libbpf', ...args],
    10,
  );
  await failures.stop();
  const rows = rowsOf<Row>(ours);
  expect(rows.map(({ call, path, error, ...row }) => [call, path, error, row])).toEqual(
    expected.map(([call, path, error, row]) => [call, path, error, expect.objectContaining(row as object)]),
  );
  const [, namespace] = /namespace (\d+)/.exec(workload.stdout) ?? [];
  for (const row of rows) expect([row.pid, row.namespace]).toEqual([workload.pid, Number(namespace)]);
  expect(rowsOf<Row>(failures).map(({ error }) => error)).toEqual(
    rows.flatMap(({ error }) => (error === undefined ? [] : [error])),
  );
  // They have not all of the newer calls.
  const names = Array.from(
    theirs.stdout.matchAll(/\b(mount|umount|fsopen|fsconfig|fsmount|move_mount)\(/g),
    ([, name]) => name,
  );
  expect(names).toEqual(rows.map(({ call }) => call).filter(call => call !== 'open_tree'));
});

it('mountsnoop follows a command, and writes a line as mount(8) does', async () => {
  const script = `mount -n -t tmpfs -o size=1m mine ${folder} && umount -n ${folder}`;
  const { stdout, code } = await toolWith('mountsnoop', '--', 'unshare', '--mount', 'sh', '-c', script);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(` mount +- +mine on ${folder} type tmpfs \\(.*size=1m\\)`));
  expect(stdout).toMatch(new RegExp(` umount +- +${folder}$`, 'm'));
});

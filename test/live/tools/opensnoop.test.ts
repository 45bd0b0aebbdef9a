/** opensnoop: opens with a known answer, beside libbpf-tools. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { rowsOf, startOracle, startTool, toolWith, Workload } from '../../support/tool-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly time: string;
  readonly pid: number;
  readonly comm: string;
  readonly path: string;
  readonly fd?: number;
  readonly error?: string;
  readonly duration: number;
}

/** By every name that a path can have: absolute, of the working directory, of a descriptor, and behind a chroot. */
const work = `
os.chdir('${folder}'); os.makedirs('below/deep'); os.symlink('/etc', 'link')
base = os.open('below', os.O_RDONLY)
def attempt(path, flags=os.O_RDONLY, **more):
    try: os.close(os.open(path, flags, 0o640, **more))
    except OSError: pass
    time.sleep(0.001) # libbpf-tools lose events that come faster
for i in range(200): attempt(f'{os.getcwd()}/absolute {i}', os.O_CREAT | os.O_WRONLY)
for i in range(50): attempt(f'none {i}')
attempt('deep/new', os.O_CREAT | os.O_WRONLY, dir_fd=base); attempt('none', dir_fd=base)
os.chdir('below/deep'); attempt('../../link/hostname'); attempt('new'); attempt('')
attempt('x' * 300); attempt('/'.join(['.'] * 2000)); attempt('naïve\\n\\x1b[31m')
os.chroot('${folder}/below'); attempt('/deep/new'); attempt('new')
`;

const expected = [
  [`${folder}/below`, 'fd'],
  ...Array.from({ length: 200 }, (_, i) => [`${folder}/absolute ${i}`, 'fd']),
  ...Array.from({ length: 50 }, (_, i) => [`${folder}/none ${i}`, 'ENOENT']),
  [`${folder}/below/deep/new`, 'fd'],
  [`${folder}/below/none`, 'ENOENT'],
  [`${folder}/below/deep/../../link/hostname`, 'fd'],
  [`${folder}/below/deep/new`, 'fd'],
  [`${folder}/below/deep`, 'ENOENT'],
  [`${folder}/below/deep/${'x'.repeat(300)}`, 'ENAMETOOLONG'],
  [`${folder}/below/deep/${Array(2000).fill('.').join('/')}`, 'fd'],
  [`${folder}/below/deep/naïve\n\x1b[31m`, 'ENOENT'],
  [`${folder}/below/deep/new`, 'fd'],
  [`${folder}/below/deep/new`, 'fd'],
];

describe('opensnoop', () => {
  it('shows each open once and right, none more, and as many as opensnoop of libbpf-tools', async () => {
    await using workload = await Workload.start(work);
    const [tool, other] = await Promise.all([
      startTool('opensnoop', '--json', '-p', `${workload.pid}`),
      startOracle(/PID/, 'opensnoop-libbpf', '-p', `${workload.pid}`),
    ]);
    await workload.work();
    await other.settles(expected.length);
    await Promise.all([tool.stop(), other.stop()]);
    const rows = rowsOf<Row>(tool);
    expect(rows.map(({ path, error, fd }) => [path, error ?? (fd !== undefined && 'fd')])).toEqual(expected);
    expect(new Set(rows.map(({ pid }) => pid))).toEqual(new Set([workload.pid]));
    expect(tool.stderr).toMatch(new RegExp(`^${expected.length} rows; 0 lost$`, 'm'));
    const theirs = other.stdout.split('\n').filter(line => line.startsWith(`${workload.pid} `));
    const results = theirs.map(line => Number(line.split(/\s+/)[2]));
    expect(results).toEqual(rows.map(({ fd = -1 }) => fd));
  });

  it('follows a command, filters by name and failure, and passes the exit code on', async () => {
    const script = 'cat /no/such/1; (sleep 0.3; cat /no/such/2) & exit 3';
    const { stdout, code } = await toolWith(
      'opensnoop',
      '--json',
      '-x',
      '-n',
      'cat',
      '--',
      'sh',
      '-c',
      script,
    );
    const paths = rowsOf<Row>({ stdout }).map(({ path }) => path);
    expect(paths.filter(path => path.startsWith('/no/such'))).toEqual(['/no/such/1', '/no/such/2']);
    expect(code).toBe(3);
  });
});

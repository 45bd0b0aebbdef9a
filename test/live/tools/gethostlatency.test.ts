/** gethostlatency: look-ups of a process of the test's own, beside libbpf-tools. */
import { expect, it } from 'vitest';
import { beside, rowsOf, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly tid: number;
  readonly call: string;
  readonly host: string;
  readonly error?: string;
  readonly duration: number;
}

/** Numbers and names of /etc/hosts alone: no server is asked. */
const work = `
libc = ctypes.CDLL(None); libc.gethostbyname.restype = ctypes.c_void_p; libc.gethostbyname2.restype = ctypes.c_void_p
def ask(*args):
    try: socket.getaddrinfo(*args)
    except OSError: pass
for i in range(50): ask(f'127.0.0.{i}', 80)
ask('localhost', 80); ask('127.0.0.1', 'no-such-service'); ask(b'x' * 300, 80)
ask('no name', 80, 0, 0, 0, socket.AI_NUMERICHOST)
libc.gethostbyname(b'127.0.0.77'); libc.gethostbyname2(b'127.0.0.78', socket.AF_INET)
thread = threading.Thread(target=ask, args=('127.0.0.99', 80)); thread.start(); thread.join()
`;

const expected = [
  ...Array.from({ length: 50 }, (_, i) => ['getaddrinfo', `127.0.0.${i}`, undefined]),
  ['getaddrinfo', 'localhost', undefined],
  ['getaddrinfo', '127.0.0.1', 'EAI_SERVICE'],
  ['getaddrinfo', 'x'.repeat(255), expect.stringMatching(/^EAI_/)],
  ['getaddrinfo', 'no name', 'EAI_NONAME'],
  ['gethostbyname', '127.0.0.77', undefined],
  ['gethostbyname2', '127.0.0.78', undefined],
  ['getaddrinfo', '127.0.0.99', undefined],
];

it('gethostlatency shows each look-up once and right, none more, as gethostlatency of libbpf-tools does', async () => {
  await using workload = await Workload.start(work);
  const args = ['-p', `${workload.pid}`];
  const { ours, theirs } = await beside(
    workload,
    ['gethostlatency', '--json', ...args],
    /COMM/,
    ['gethostlatency-libbpf', ...args],
    expected.length,
  );
  const rows = rowsOf<Row>(ours);
  expect(rows.map(({ call, host, error }) => [call, host, error])).toEqual(expected);
  expect(new Set(rows.map(({ pid }) => pid))).toEqual(new Set([workload.pid]));
  expect(rows.at(-1)?.tid).not.toBe(workload.pid);
  expect(rows.every(({ duration }) => duration > 0)).toBe(true);
  expect(ours.stderr).toMatch(new RegExp(`^${expected.length} rows; 0 lost$`, 'm'));
  const lines = theirs.stdout.split('\n').filter(line => line.includes(` ${workload.pid} `));
  expect(lines).toHaveLength(expected.length);
});

it('gethostlatency names a process that is not there, and a library that has no such function', async () => {
  const gone = await toolWith('gethostlatency', '-p', '4194304');
  expect([gone.code, gone.stderr]).toEqual([
    1,
    expect.stringContaining('--pid takes a process that is there: 4194304 cannot be looked at'),
  ]);
  const other = await toolWith('gethostlatency', '--library', '/bin/true', '-p', `${process.pid}`);
  expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/\/bin\/true .*getaddrinfo/)]);
});

/** tcpconnect and tcpaccept: connections that a process itself tells of. */
import { expect, it } from 'vitest';
import { rowsOf, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
}

interface Connect extends Row {
  readonly result: string;
  readonly duration: number;
}

interface Accept extends Row {
  readonly fd: number;
  readonly waited?: number;
}

/** Each attempt is printed with its result and how long it took, in milliseconds. */
const connects = `
def attempt(family, target, setup=lambda s: None, wait=None):
    one = socket.socket(family); setup(one); began = time.monotonic()
    try:
        one.settimeout(wait); one.connect(target); result = 'connected'
    except TimeoutError as error: result = 'ETIMEDOUT' if error.errno else 'closed'
    except OSError as error: result = errno.errorcode[error.errno]
    took = (time.monotonic() - began) * 1000; local = one.getsockname()[:2]
    one.close(); print('try', *local, *target[:2], result, round(took, 3), flush=True)
four = socket.create_server(('127.0.0.1', 0)); six = socket.create_server(('::1', 0), family=socket.AF_INET6)
for i in range(50): attempt(socket.AF_INET, four.getsockname())
for i in range(50): attempt(socket.AF_INET6, six.getsockname()[:2])
attempt(socket.AF_INET6, ('::ffff:127.0.0.1', four.getsockname()[1]))
free = socket.create_server(('127.0.0.1', 0)); refused = free.getsockname(); free.close()
for i in range(5): attempt(socket.AF_INET, refused)
full = socket.create_server(('127.0.0.1', 0), backlog=0); first = socket.create_connection(full.getsockname())
attempt(socket.AF_INET, full.getsockname(), lambda s: s.setsockopt(socket.IPPROTO_TCP, 18, 300)) # TCP_USER_TIMEOUT
attempt(socket.AF_INET, full.getsockname(), wait=0.2)
`;

it('tcpconnect shows each attempt, with its ends, its result and its time, as the process had them', async () => {
  await using workload = await Workload.start(connects);
  const tool = await startTool('tcpconnect', '--json', '-p', `${workload.pid}`);
  await workload.work();
  await tool.stop();
  const told = Array.from(workload.stdout.matchAll(/^try (.*)$/gm), ([, line = '']) => line.split(' '));
  const rows = rowsOf<Connect>(tool);
  // The one that fills the queue is not among those that are told.
  expect(rows).toHaveLength(told.length + 1);
  expect(told.map(words => words[4])).toEqual(
    expect.arrayContaining(['ECONNREFUSED', 'ETIMEDOUT', 'closed']),
  );
  const seen = rows.map(row => `${row.remote} ${row.remotePort} ${row.result}`);
  expect(seen).toEqual(expect.arrayContaining(told.map(words => words.slice(2, 5).join(' '))));
  for (const [address, port, , remotePort, result, milliseconds] of told.filter(words => words[1] !== '0')) {
    const found = rows.filter(row => row.localPort === Number(port) && row.remotePort === Number(remotePort));
    // One that was refused has no address of its own any more.
    const local = result === 'connected' ? address : '127.0.0.1';
    expect(found).toMatchObject([{ local, result, pid: workload.pid }]);
    // The process looked at its clock before it closed the one that was not decided.
    const most = result === 'closed' ? 10_000 : Number(milliseconds) + 0.001;
    expect((found[0]?.duration ?? 0) / 1e6).toBeLessThanOrEqual(most);
  }
  const slow = rows.filter(({ result }) => result === 'closed' || result === 'ETIMEDOUT');
  expect(slow.map(({ duration }) => duration > 190e6)).toEqual([true, true]);
  expect(tool.stderr).toMatch(new RegExp(`^${rows.length} rows; 0 lost$`, 'm'));
});

it('tcpconnect tells how many attempts were not decided at the end', async () => {
  const text = `
full = socket.create_server(('127.0.0.1', 0), backlog=0); first = socket.create_connection(full.getsockname())
one = socket.socket(); one.setblocking(False); one.connect_ex(full.getsockname())
`;
  await using workload = await Workload.start(text);
  const tool = await startTool('tcpconnect', '--json', '-p', `${workload.pid}`);
  await workload.work();
  await tool.stop();
  expect(tool.stderr).toMatch(/^1 row; 0 lost; 1 call not ended$/m);
});

/** Those of TCP are printed; one waits in the queue for a known time, others are of another kind. */
const accepts = `
four = socket.create_server(('127.0.0.1', 0)); six = socket.create_server(('::1', 0), family=socket.AF_INET6)
def one(listening, wait=0):
    client = socket.create_connection(listening.getsockname()[:2]); time.sleep(wait)
    taken, address = listening.accept()
    print('got', taken.fileno(), *taken.getsockname()[:2], *address[:2], flush=True)
    taken.close(); client.close()
for i in range(50): one(four)
for i in range(50): one(six)
one(four, 0.2)
local = socket.socket(socket.AF_UNIX); local.bind('\\0libbpf-ts-' + str(os.getpid())); local.listen()
client = socket.socket(socket.AF_UNIX); client.connect(local.getsockname()); local.accept()
four.setblocking(False)
try: four.accept()
except BlockingIOError: pass
`;

it('tcpaccept shows each connection that is accepted, and none more', async () => {
  await using workload = await Workload.start(accepts);
  const tool = await startTool('tcpaccept', '--json', '-p', `${workload.pid}`);
  await workload.work();
  await tool.stop();
  const told = Array.from(workload.stdout.matchAll(/^got (.*)$/gm), ([, line]) => line);
  expect(told).toHaveLength(101);
  const rows = rowsOf<Accept>(tool);
  const seen = rows.map(row => [row.fd, row.local, row.localPort, row.remote, row.remotePort].join(' '));
  expect(seen).toEqual(told);
  const last = rows.at(-1)?.waited ?? 0;
  expect(last).toBeGreaterThan(199e6);
  expect(rows.every(({ waited = -1 }) => waited > 0 && waited <= last)).toBe(true);
  expect(tool.stderr).toMatch(/^101 rows; 0 lost$/m);
});

it.each(['tcpconnect', 'tcpaccept', 'tcprtt'])('%s refuses what is no port', async tool => {
  const { code, stderr } = await toolWith(tool, '-L', 'http');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/--local-port takes a port, not http/)]);
});

/** tcptop: connections that carry known bytes, living and closed, and what ss says of them. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { exchanges, portsOf, tcpWork } from '../../support/tcp-work.js';
import { rowsOf, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly comm: string;
  readonly local: string;
  readonly localPort: number;
  readonly remotePort: number;
  readonly received: number;
  readonly sent: number;
}

const seen = (rows: readonly Row[]) =>
  rows.map(({ localPort, remotePort, received, sent }) => [localPort, remotePort, received, sent]);
const inOrder = (rows: readonly (readonly number[])[]) => rows.map(row => row.join(' ')).sort();

it('tcptop counts each connection that was opened and closed, to the byte, on both sides', async () => {
  await using workload = await Workload.start(tcpWork);
  const args = ['--json', '-p', `${workload.pid}`];
  const [tool, pieces] = await Promise.all([
    startTool('tcptop', ...args),
    startTool('tcptop', ...args, '-i', '0.05'),
  ]);
  await workload.work();
  await Promise.all([tool.stop(), pieces.stop()]);
  const expected = portsOf(workload.stdout).flatMap(([client, server], i) => {
    const [, there = 0, back = 0] = exchanges[i] ?? [];
    // One that carries nothing has no row.
    if (there + back === 0) return [];
    return [
      [client, server, back, there],
      [server, client, there, back],
    ];
  });
  const rows = rowsOf<Row>(tool);
  expect(expected).toHaveLength(6);
  expect(inOrder(seen(rows))).toEqual(inOrder(expected));
  expect(rows.map(({ received, sent }) => received + sent)).toEqual(
    rows.map(({ received, sent }) => received + sent).sort((a, b) => b - a),
  );
  expect(new Set(rows.map(({ pid }) => pid))).toEqual(new Set([workload.pid]));
  const sums = (list: readonly Row[]) => list.reduce((sum, { received, sent }) => sum + received + sent, 0);
  expect(sums(rowsOf<Row>(pieces))).toBe(sums(rows));
});

it('tcptop leaves out what a connection carried before, and agrees with ss on what it has carried since', async () => {
  await using workload = await Workload.start(`
listening = socket.create_server(('127.0.0.1', 0)); client = socket.create_connection(listening.getsockname())
one, _ = listening.accept()
def carry(size): client.sendall(b'x' * size); print(sum(len(one.recv(1)) for _ in range(size)), flush=True)
carry(1000); print('at', client.getsockname()[1], flush=True); sys.stdin.readline(); carry(2345)
`);
  workload.child.stdin.write('\n');
  await workload.says(/at \d+/);
  const [, port = ''] = /at (\d+)/.exec(workload.stdout) ?? [];
  const tool = await startTool('tcptop', '--json', '-p', `${workload.pid}`);
  const before = bytesOf(port);
  await workload.work();
  const after = bytesOf(port);
  await tool.stop();
  const rows = rowsOf<Row>(tool);
  expect(before).toBe(1000);
  expect(rows.map(({ received, sent }) => [received, sent]).sort()).toEqual([
    [0, 2345],
    [2345, 0],
  ]);
  expect(rows.find(({ localPort }) => localPort === Number(port))?.sent).toBe(after - before);
});

/** Bytes that a port has sent, as ss tells. */
function bytesOf(port: string): number {
  const text = execFileSync('ss', ['-tinH', `sport = :${port}`], { encoding: 'utf8' });
  return Number(/bytes_sent:(\d+)/.exec(text)?.[1]);
}

it('tcptop follows a command, takes a port, and shows so many rows', async () => {
  const script = `import socket,threading\n${tcpWork}`;
  const python = ['--', 'python3', '-S', '-c', script];
  const all = await toolWith('tcptop', '--json', ...python);
  expect(rowsOf<Row>(all)).toHaveLength(6);
  const first = await toolWith('tcptop', '--json', '-T', '1', ...python);
  expect(rowsOf<Row>(first).map(({ received, sent }) => received + sent)).toEqual([3_000_005]);
  expect(rowsOf(await toolWith('tcptop', '--json', '-D', '1', ...python))).toEqual([]);
});

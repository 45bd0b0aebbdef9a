/** tcprtt: round trips of a connection beside bpftrace and what the socket itself says. */
import { expect, it } from 'vitest';
import { bucketsOf, type Counts, totalOf } from '../../support/tool-histograms.js';
import { rowsOf, startOracle, startTool, toolWith, Workload } from '../../support/tool-runs.js';

/** Requests and answers; before the end, what the client knows of its connection (struct tcp_info: tcpi_rtt, tcpi_segs_in). */
const exchange = `
import struct
listening = socket.create_server(('127.0.0.1', 0)); print('at', listening.getsockname()[1], flush=True); sys.stdin.readline()
client = socket.create_connection(listening.getsockname()); server, _ = listening.accept()
for i in range(20):
    client.sendall(b'x'); server.recv(1); server.sendall(b'y'); client.recv(1)
info = client.getsockopt(socket.IPPROTO_TCP, 11, 232)
print('rtt', struct.unpack_from('I', info, 68)[0], flush=True)
server.close(); client.recv(1)
`;

it('counts each segment that comes, in the buckets of bpftrace, and by the address of a side', async () => {
  await using workload = await Workload.start(exchange);
  workload.child.stdin.write('\n');
  await workload.says(/at \d+/);
  const port = /at (\d+)/.exec(workload.stdout)?.[1] ?? '';
  const script = `tracepoint:tcp:tcp_probe /args.dport == ${port}/ { @ = hist(args.srtt); }`;
  const [tool, sides, theirs] = await Promise.all([
    startTool('tcprtt', '--json', '-D', port),
    startTool('tcprtt', '--json', '-D', port, '--by', 'remote'),
    startOracle(/attached_probes/, 'bpftrace', '-f', 'json', '-e', script),
  ]);
  await workload.work();
  await Promise.all([tool.stop(), sides.stop(), theirs.stop()]);
  const counts = bucketsOf(tool);
  expect(counts).toEqual(bpftraceCounts(theirs.stdout));
  expect(totalOf(counts)).toBeGreaterThanOrEqual(20);
  expect(rowsOf(sides)).toMatchObject([{ remote: '127.0.0.1', unit: 'usecs' }]);
  expect(bucketsOf(sides)).toEqual(counts);
  const told = Number(/rtt (\d+)/.exec(workload.stdout)?.[1]);
  expect(told).toBeGreaterThan(0);
  expect(Object.keys(counts).map(Number)).toContain(2 ** Math.floor(Math.log2(told)));
});

it.each(['-p', '-t', '-n'])('refuses %s, with the reason', async option => {
  const { code, stderr } = await toolWith('tcprtt', option, '1');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot be honoured: a segment comes in/)]);
});

it('refuses a side that there is not', async () => {
  const { code, stderr } = await toolWith('tcprtt', '--by', 'port');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/--by takes local or remote, not port/)]);
});

/** Lines of JSON, one of them with the histogram. */
function bpftraceCounts(stdout: string): Counts {
  const lines = stdout.split('\n').filter(line => line.includes('"hist"'));
  const rows: { min?: number; count: number }[] = lines.flatMap(line => JSON.parse(line).data['@']);
  return Object.fromEntries(rows.filter(({ count }) => count > 0).map(({ min = 0, count }) => [min, count]));
}

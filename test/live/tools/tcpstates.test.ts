/** tcpstates: all states of a connection, beside libbpf-tools. */
import { expect, it } from 'vitest';
import { Cgroup } from '../../support/cgroup.js';
import { portsOf, tcpWork } from '../../support/tcp-work.js';
import { rowsOf, startOracle, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly socket: string;
  readonly localPort: number;
  readonly remotePort: number;
  readonly before: string;
  readonly after: string;
  readonly duration?: number;
}

const fixed = 'socket.create_server(("127.0.0.1", 0))';

it('tcpstates shows each change of the sockets of a cgroup, in order, each state as long as it lasted', async () => {
  await using cgroup = new Cgroup();
  await using workload = await Workload.start(tcpWork);
  workload.enter(cgroup);
  const tool = await startTool('tcpstates', '--json', '--cgroup', cgroup.path);
  await workload.work();
  await tool.stop();
  const rows = rowsOf<Row>(tool);
  for (const [client, server] of portsOf(workload.stdout)) {
    // The kernel uses the memory of a socket again: from the first change until it is closed.
    const at = rows.findIndex(({ remotePort, after }) => remotePort === server && after === 'SYN_SENT');
    const own = rows.slice(at).filter(({ socket }) => socket === rows[at]?.socket);
    const states = own.slice(0, 5).map(({ after }) => after);
    expect(own[1]?.localPort).toBe(client);
    expect(states).toEqual(['SYN_SENT', 'ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE']);
    const accepted = rows.filter(
      ({ localPort, remotePort }) => localPort === server && remotePort === client,
    );
    expect(accepted.map(({ after }) => after)).toEqual([
      'SYN_RECV',
      'ESTABLISHED',
      'CLOSE_WAIT',
      'LAST_ACK',
      'CLOSE',
    ]);
    expect(accepted.slice(1).every(({ duration = 0 }) => duration > 0)).toBe(true);
    const listening = rows.filter(({ localPort, remotePort }) => localPort === server && remotePort === 0);
    expect(listening.map(({ after }) => after)).toEqual(['LISTEN', 'CLOSE']);
  }
});

it('tcpstates shows as many changes of a port as tcpstates of libbpf-tools', async () => {
  const text = `
listening = ${fixed}; port = listening.getsockname()[1]; print('at', port, flush=True); sys.stdin.readline()
for _ in range(20):
    client = socket.create_connection(('127.0.0.1', port)); one, _a = listening.accept(); client.close(); one.close()
`;
  await using workload = await Workload.start(text);
  workload.child.stdin.write('\n');
  await workload.says(/at \d+/);
  const port = /at (\d+)/.exec(workload.stdout)?.[1] ?? '';
  const [tool, other] = await Promise.all([
    startTool('tcpstates', '--json', '-L', port),
    startOracle(/SKADDR/, 'tcpstates-libbpf', '-L', port),
  ]);
  await workload.work();
  await other.settles();
  await Promise.all([tool.stop(), other.stop()]);
  const rows = rowsOf<Row>(tool);
  expect(rows).toHaveLength(100);
  const lines = other.stdout.split('\n').filter(line => /^[0-9a-f]{16} /.test(line));
  expect(lines.map(line => line.trim().split(/\s+/).at(-4))).toEqual(rows.map(({ before }) => before));
});

it.each(['-p', '-t', '-n'])('tcpstates refuses %s, with the reason', async option => {
  const { code, stderr } = await toolWith('tcpstates', option, '1');
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/cannot be honoured: a state is changed by whatever/),
  ]);
});

/** tcplife: connections of known bytes, beside libbpf-tools. */
import { expect, it } from 'vitest';
import { exchanges, portsOf, tcpWork } from '../../support/tcp-work.js';
import { beside, rowsOf, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly local: string;
  readonly localPort: number;
  readonly remotePort: number;
  readonly received: string;
  readonly sent: string;
}

it('tcplife shows each side of each connection once, to the byte, as tcplife of libbpf-tools does', async () => {
  await using workload = await Workload.start(tcpWork);
  const args = ['-p', `${workload.pid}`];
  const { ours, theirs } = await beside(
    workload,
    ['tcplife', '--json', ...args],
    /PID/,
    ['tcplife-libbpf', ...args],
    9,
  );
  const expected = portsOf(workload.stdout).flatMap(([client, server], i) => {
    const [address = '', there = 0, back = 0] = exchanges[i] ?? [];
    return [
      [address, client, server, back, there],
      [address, server, client, there, back],
    ];
  });
  const rows = rowsOf<Row>(ours);
  const seen = rows.map(({ local, localPort, remotePort, received, sent }) => [
    ...[local, localPort, remotePort],
    ...[Number(received), Number(sent)],
  ]);
  const byText = (list: readonly unknown[]) => list.map(row => JSON.stringify(row)).sort();
  expect(expected).toHaveLength(8);
  const refused = ['127.0.0.1', expect.any(Number), 1, 0, 0];
  expect(seen.filter(([, , port]) => port === 1)).toEqual([refused]);
  expect(byText(seen.filter(([, , port]) => port !== 1))).toEqual(byText(expected));
  expect(new Set(rows.map(({ pid }) => pid))).toEqual(new Set([workload.pid]));
  const lines = theirs.stdout.split('\n').filter(line => line.startsWith(`${workload.pid} `));
  expect(lines).toHaveLength(rows.length);
});

it('tcplife takes one port', async () => {
  const script = `import socket,threading\n${tcpWork}`;
  const all = await toolWith('tcplife', '--json', '-D', '1', '--', 'python3', '-S', '-c', script);
  expect(rowsOf<Row>({ stdout: jsonIn(all.stdout) }).map(({ remotePort }) => remotePort)).toEqual([1]);
  const { code, stderr } = await toolWith('tcplife', '-L', '70000');
  expect([code, stderr]).toEqual([1, expect.stringContaining('--local-port takes a port, not 70000')]);
});

/** With --json the command's own output goes to standard error. */
function jsonIn(stdout: string): string {
  expect(stdout).not.toContain('port ');
  return stdout;
}

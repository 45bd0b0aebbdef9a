/** sslsniff: what two processes tell each other by TLS, by the library and by OpenSSL within node. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowsOf, startTool, toolWith, Watched, Workload } from '../../support/tool-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-tls-'));
const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
beforeAll(() => {
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-keyout',
    key,
    '-out',
    certificate,
  ];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-subj', '/CN=localhost', ...made], { stdio: 'pipe' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly pid: number;
  readonly direction: string;
  readonly bytes: number;
  readonly text?: string;
  readonly data: string;
  readonly truncated: boolean;
  readonly connection: string;
}

const seen = (rows: readonly Row[]) => rows.map(({ direction, bytes, text }) => [direction, bytes, text]);

it('sslsniff shows what was read and written by libssl, byte for byte', async () => {
  await using workload = await Workload.start(`
import ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('${certificate}', '${key}')
listening = socket.create_server(('127.0.0.1', 0))
def serve():
    with context.wrap_socket(listening.accept()[0], server_side=True) as one:
        one.sendall(b'answer to ' + one.recv(1000)); one.recv(1000); one.sendall(bytes(range(256)) * 4)
thread = threading.Thread(target=serve); thread.start()
mine = ssl.create_default_context(); mine.check_hostname = False; mine.verify_mode = ssl.CERT_NONE
with mine.wrap_socket(socket.create_connection(listening.getsockname())) as one:
    one.sendall('a question: ünï'.encode()); one.recv(1000); one.sendall(b'more'); one.recv(1024)
    thread.join()
`);
  const tool = await startTool(
    'sslsniff',
    '--json',
    '-s',
    '1000',
    '-n',
    'python3',
    '-p',
    `${workload.pid}`,
    '--binary',
    'libssl.so.3',
  );
  await workload.work();
  await tool.stop();
  const rows = rowsOf<Row>(tool);
  const said = 'a question: ünï';
  const answer = `answer to ${said}`;
  const size = (text: string) => Buffer.byteLength(text);
  const order = (list: readonly unknown[]) => list.map(row => JSON.stringify(row)).sort();
  expect(order(seen(rows))).toEqual(
    order([
      ['write', size(said), said],
      ['read', size(said), said],
      ['write', size(answer), answer],
      ['read', size(answer), answer],
      ['write', 4, 'more'],
      ['read', 4, 'more'],
      ['write', 1024, undefined],
      ['read', 1024, undefined],
    ]),
  );
  const large = rows.filter(({ bytes }) => bytes === 1024);
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256));
  for (const { data, truncated } of large)
    expect([Buffer.from(data, 'base64').equals(bytes), truncated]).toEqual([true, true]);
  expect(new Set(rows.map(({ connection }) => connection)).size).toBe(2);
  expect(new Set(rows.map(({ pid }) => pid))).toEqual(new Set([workload.pid]));
});

it('sslsniff finds OpenSSL within node', async () => {
  const node = new Watched(
    spawn(process.execPath, [
      '-e',
      `
const tls = require('node:tls'), { readFileSync } = require('node:fs');
const files = { key: readFileSync('${key}'), cert: readFileSync('${certificate}') };
const server = tls.createServer(files, one => one.on('data', data => one.end('answer to ' + data)));
server.listen(0, '127.0.0.1', () => console.log('ready'));
process.stdin.once('data', () => {
  const one = tls.connect({ port: server.address().port, host: '127.0.0.1', rejectUnauthorized: false }, () => one.write('question'));
  one.on('data', () => {}); one.on('close', () => { server.close(); process.stdin.destroy(); });
});`,
    ]),
  );
  await node.says(/ready/);
  const tool = await startTool('sslsniff', '--json', '-p', `${node.child.pid}`);
  node.child.stdin.write('\n');
  await node.ended;
  await tool.stop();
  expect(seen(rowsOf<Row>(tool))).toEqual([
    ['write', 8, 'question'],
    ['read', 8, 'question'],
    ['write', 18, 'answer to question'],
    ['read', 18, 'answer to question'],
  ]);
});

it('sslsniff says where no OpenSSL is', async () => {
  const { code, stderr } = await toolWith('sslsniff', '--binary', '/bin/true');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/\/bin\/true .*SSL_read/)]);
});

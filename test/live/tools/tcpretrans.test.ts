/** tcpretrans: segments that are lost between two network namespaces, as the sockets themselves count them. */
import { describe, expect, it } from 'vitest';
import { Cgroup } from '../../support/cgroup.js';
import { Cable } from '../../support/network.js';
import { rowsOf, startTool, toolWith } from '../../support/tool-runs.js';

interface Row {
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly state: string;
  readonly segment: string;
  readonly bytes: number;
  readonly sequence: number;
}

/** struct tcp_info in <linux/tcp.h>: tcpi_bytes_retrans and tcpi_total_retrans. */
const ofSocket = `
def counted(one):
    info = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 232)
    return struct.unpack_from('Q', info, 208)[0], struct.unpack_from('I', info, 100)[0]
`;

const server = `
import socket
listening = socket.create_server(('10.77.0.2', 7000)); print('ready', flush=True)
while True:
    one, _ = listening.accept(); size = 0
    while data := one.recv(65536): size += len(data)
    one.sendall(b'%d' % size); one.close()
`;

describe('tcpretrans', () => {
  it('shows each segment that is sent again, with as many bytes as the socket counts', async () => {
    using cable = new Cable();
    await using cgroup = new Cgroup();
    await cable.left.reach('10.77.0.2');
    await cable.right.start(server);
    const tool = await startTool('tcpretrans', '--json', '--cgroup', cgroup.path);
    const other = await startTool('tcpretrans', '--json', '-D', '7001');
    // What comes to an address that is nobody's is dropped without a word.
    const output = await cgroup.python(
      cable.left,
      `
import socket, struct, subprocess, time
${ofSocket}
def far(*words): subprocess.run(['nsenter', '--net=${cable.right.path}', 'ip', *words], check=True)
one = socket.create_connection(('10.77.0.2', 7000)); one.sendall(b'x' * 100); time.sleep(0.3)
before = counted(one)
far('address', 'del', '10.77.0.2/24', 'dev', 'cable'); one.sendall(b'y' * 5000)
while counted(one)[1] < 5: time.sleep(0.02)
far('address', 'add', '10.77.0.2/24', 'dev', 'cable')
one.shutdown(socket.SHUT_WR); size = int(one.recv(100)); print(size, *before, *counted(one), one.getsockname()[1])
`,
    );
    await Promise.all([tool.stop(), other.stop()]);
    const [size, bytesBefore, before, bytes = 0, again = 0, port] = output.split(' ').map(Number);
    expect([size, bytesBefore, before]).toEqual([5100, 0, 0]);
    const rows = rowsOf<Row>(tool);
    expect(rows.filter(({ segment }) => segment === 'data').reduce((sum, row) => sum + row.bytes, 0)).toBe(
      bytes,
    );
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect(rows.length).toBeLessThanOrEqual(again);
    const ends = { local: '10.77.0.1', localPort: port, remote: '10.77.0.2', remotePort: 7000 };
    for (const row of rows)
      expect(row).toMatchObject({ ...ends, state: expect.stringMatching(/^(ESTABLISHED|FIN_WAIT1)$/) });
    expect(rowsOf(other)).toEqual([]);
  });

  it('tells SYN and its answer, each as often as the kernel tries', async () => {
    using cable = new Cable();
    await using cgroup = new Cgroup();
    await cable.left.reach('10.77.0.2');
    const tool = await startTool('tcpretrans', '--json', '-D', '7002');
    const answers = await startTool('tcpretrans', '--json', '-L', '7003');
    cable.left.ip('neighbour replace 10.77.0.9 lladdr 02:00:00:00:00:09 dev cable nud permanent');
    // Kernels that are new enough try some more at first: not here, for the sake of time.
    const linear = '/proc/sys/net/ipv4/tcp_syn_linear_timeouts';
    await cable.left.run('sh', '-c', `! test -e ${linear} || echo 0 > ${linear}`);
    const connect = cgroup.python(
      cable.left,
      `
import socket
one = socket.socket(); one.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 2)
try: one.connect(('10.77.0.9', 7002))
except TimeoutError: print('timeout')
`,
    );
    expect(await connect).toBe('timeout');
    // A SYN of an address that is nobody's, written by hand: its answer is lost.
    const half = `
import socket, time
listening = socket.create_server(('10.77.0.2', 7003))
print('ready', flush=True); time.sleep(60)
`;
    await cable.right.start(half);
    cable.right.ip('neighbour replace 10.77.0.8 lladdr 02:00:00:00:00:08 dev cable nud permanent');
    await cable.left.run(
      'python3',
      '-c',
      `
import socket, struct
def check(data):
    words = sum(struct.unpack('!%dH' % (len(data) // 2), data)); words = (words >> 16) + (words & 0xffff)
    return ~(words + (words >> 16)) & 0xffff
ends = socket.inet_aton('10.77.0.8') + socket.inet_aton('10.77.0.2')
def segment(sum): return struct.pack('!HHIIBBHHH', 4000, 7003, 1, 0, 80, 2, 64240, sum, 0)
tcp = segment(check(ends + struct.pack('!HH', 6, 20) + segment(0)))
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
raw.sendto(struct.pack('!BBHHHBBH', 69, 0, 40, 7, 0, 64, 6, 0) + ends + tcp, ('10.77.0.2', 0))
`,
    );
    await answers.says(/SYN ACK/);
    await Promise.all([tool.stop(), answers.stop()]);
    const ends = { local: '10.77.0.1', remote: '10.77.0.9', remotePort: 7002 };
    const syn = { ...ends, state: 'SYN_SENT', segment: 'SYN', bytes: 0 };
    const counted = await cable.left.run('cat', '/proc/net/netstat');
    expect(rowsOf<Row>(tool)).toMatchObject(Array(synsAgain(counted.stdout)).fill(syn));
    expect(rowsOf(tool)).toHaveLength(2);
    expect(rowsOf<Row>(answers)[0]).toMatchObject({
      ...{ local: '10.77.0.2', localPort: 7003, remote: '10.77.0.8', remotePort: 4000 },
      ...{ state: 'NEW_SYN_RECV', segment: 'SYN ACK', bytes: 0 },
    });
  });

  it('refuses filters by process, with the reason', async () => {
    const { code, stderr } = await toolWith('tcpretrans', '-p', '1');
    expect([code, stderr]).toEqual([2, expect.stringContaining('sent again by timers and interrupts')]);
  });
});

/** TCPSynRetrans: what the kernel has counted in a network namespace. */
function synsAgain(netstat: string): number {
  const [names = '', numbers = ''] = netstat.split('\n').filter(line => line.startsWith('TcpExt:'));
  return Number(numbers.split(' ')[names.split(' ').indexOf('TCPSynRetrans')]);
}

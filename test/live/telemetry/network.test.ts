/** Telemetry of sockets: bytes that a program counts itself, and what /proc/net/snmp of a namespace of its own tells. */
import { observe } from 'libbpf-ts/telemetry';
import { expect, it } from 'vitest';
import { Cgroup } from '../../support/cgroup.js';
import { Namespace } from '../../support/network.js';
import { value } from '../../support/telemetry.js';
import { Workload } from '../../support/tool-runs.js';

it('counts bytes of both transports, connections, refusals and resets', async () => {
  await using workload = await Workload.start(`
import struct
server = socket.create_server(('127.0.0.1', 0)); address = server.getsockname()
for turn in range(20):
    client = socket.create_connection(address); peer, _ = server.accept()
    client.sendall(b'x' * 1000)
    peer.recv(500, socket.MSG_PEEK)
    left = 1000
    while left: left -= len(peer.recv(left))
    if turn < 3: client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    client.close(); peer.close()
server.close()
for _ in range(5):
    try: socket.create_connection(address)
    except ConnectionRefusedError: pass
one, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
one.bind(('127.0.0.1', 0))
for _ in range(10): other.sendto(b'y' * 300, one.getsockname()); one.recv(1000)
`);
  await using kernel = await observe({ of: { pid: workload.pid }, collectors: ['network'] });
  await workload.work();
  const reading = await kernel.read();
  const bytes = (way: string, transport: string) =>
    value(reading, 'process.network.io', { 'network.io.direction': way, 'network.transport': transport });
  expect([bytes('transmit', 'tcp'), bytes('receive', 'tcp')]).toEqual([20_000, 20_000]);
  expect([bytes('transmit', 'udp'), bytes('receive', 'udp')]).toEqual([3000, 3000]);
  expect(value(reading, 'kernel.tcp.connect.duration')).toBe(20);
  expect(value(reading, 'kernel.tcp.accepts')).toBe(20);
  expect(value(reading, 'kernel.tcp.connect.errors')).toBe(5);
  const resets = (way: string) => value(reading, 'kernel.tcp.resets', { 'network.io.direction': way });
  // Three that lingered for no time sent one each; their peers got these, and those who were refused one each.
  expect([resets('transmit'), resets('receive')]).toEqual([3, 8]);
});

it('has the round trips that both ends of connections tell when they close', async () => {
  await using workload = await Workload.start(`
info = lambda peer: peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
number = lambda peer, at: int.from_bytes(info(peer)[at:at + 4], sys.byteorder)
trips, unacknowledged = 68, 24 # offsets in struct tcp_info of include/uapi/linux/tcp.h
server = socket.create_server(('127.0.0.1', 0)); told = 0
for turn in range(10):
    client = socket.socket(); client.connect(server.getsockname()); peer, _ = server.accept()
    for n in range(turn): client.sendall(b'x'); peer.recv(1); peer.sendall(b'y'); client.recv(1)
    for end in (client, peer):
        while number(end, unacknowledged): time.sleep(0.01)
    told += number(client, trips) + number(peer, trips)
    client.close(); peer.recv(1); peer.close()
print('microseconds', told, flush=True)
`);
  await using kernel = await observe({ of: { pid: workload.pid }, collectors: ['network'] });
  await workload.work();
  const { metrics } = await kernel.read();
  const [point] = metrics.flatMap(metric =>
    metric.name === 'kernel.tcp.round_trip.duration' && metric.kind === 'histogram' ? metric.points : [],
  );
  expect(point?.count).toBe(20);
  const told = Number(/microseconds (\d+)/.exec(workload.stdout)?.[1]);
  expect(Math.round((point?.sum ?? 0) * 1e6)).toBe(told);
});

it('counts what is sent again, as its namespace does', async () => {
  using namespace = new Namespace();
  await using cgroup = new Cgroup();
  // What goes in comes out at an interface that is of another address.
  namespace.ip('link add gone type veth peer name lost', 'link set lost up');
  namespace.ip('addr add 10.1.1.1/24 dev gone', 'link set gone up');
  namespace.ip('neigh add 10.1.1.2 lladdr 02:00:00:00:00:01 dev gone');
  await using kernel = await observe({ of: { cgroup: cgroup.path }, collectors: ['network'] });
  const told = await cgroup.python(
    namespace,
    `
import socket
peer = socket.socket(); peer.settimeout(1.6)
try: peer.connect(('10.1.1.2', 80))
except TimeoutError: pass
names, numbers = [line.split() for line in open('/proc/net/snmp') if line.startswith('Tcp:')]
print(dict(zip(names, numbers))['RetransSegs'])`,
  );
  expect(Number(told)).toBeGreaterThanOrEqual(1);
  expect(value(await kernel.read(), 'kernel.tcp.retransmissions')).toBe(Number(told));
});

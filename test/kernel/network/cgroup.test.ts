/** Programs of a cgroup of our own: what its processes are refused or told, and others are not. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { group } from '../../bpf/group.bpf.js';
import { Cgroup } from '../../support/cgroup.js';
import { Interpreter } from '../../support/interpreter.js';
import { need } from '../../support/need.js';
import { Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

type Name = Exclude<keyof typeof group.description.programs, 'socket_bind' | 'nowhere'>;

/** Each prints a line that is `before` without the program and `after` with it. */
const effects: readonly { name: Name; before: string; after: string; program: string }[] = [
  { name: 'egress', before: 'answered', after: 'timed out', program: exchange(7001) },
  { name: 'ingress', before: 'answered', after: 'timed out', program: exchange(7001) },
  { name: 'sock_create', before: 'ok', after: 'EPERM', program: attempt('socket.socket(2, 2)') },
  { name: 'sock', before: 'ok', after: 'EPERM', program: attempt('socket.socket(2, 2)') },
  { name: 'post_bind4', before: 'ok', after: 'EPERM', program: attempt(bind('2', '127.0.0.1')) },
  { name: 'post_bind6', before: 'ok', after: 'EPERM', program: attempt(bind('10', '::1')) },
  { name: 'bind4', before: '7001', after: '7002', program: boundPort('2', '127.0.0.1') },
  { name: 'bind6', before: '7001', after: '7002', program: boundPort('10', '::1') },
  { name: 'connect6', before: '7001', after: '7002', program: connectedPort('10', '::1') },
  { name: 'connect_unix', before: 'ECONNREFUSED', after: 'EPERM', program: attempt(unix('connect(NAME)')) },
  { name: 'sendmsg4', before: '7001', after: '7002', program: sentTo('2', '127.0.0.1') },
  { name: 'sendmsg6', before: '7001', after: '7002', program: sentTo('10', '::1') },
  {
    name: 'sendmsg_unix',
    before: 'ECONNREFUSED',
    after: 'EPERM',
    program: attempt(unix("sendto(b'x', NAME)", 2)),
  },
  { name: 'recvmsg4', before: '7001', after: '7002', program: receivedFrom('2', '127.0.0.1') },
  { name: 'recvmsg6', before: '7001', after: '7002', program: receivedFrom('10', '::1') },
  { name: 'getpeername4', before: '7001', after: '7002', program: peerPort('2', '127.0.0.1') },
  { name: 'getpeername6', before: '7001', after: '7002', program: peerPort('10', '::1') },
  { name: 'getsockname4', before: '7001', after: '7002', program: boundPort('2', '127.0.0.1') },
  { name: 'getsockname6', before: '7001', after: '7002', program: boundPort('10', '::1') },
  {
    name: 'getsockopt',
    before: 'ENOTSUP',
    after: '42',
    program: attempt(option('getsockopt(0x7357, 1, 1)[0]')),
  },
  {
    name: 'setsockopt',
    before: 'ENOPROTOOPT',
    after: 'EPERM',
    program: attempt(option('setsockopt(0x7357, 1, 1)')),
  },
  {
    name: 'sysctl',
    before: 'Linux',
    after: 'EPERM',
    program: attempt("open('/proc/sys/kernel/ostype').read().strip()"),
  },
  { name: 'dev', before: 'ok', after: 'EPERM', program: attempt("open('/dev/full', 'rb')") },
  { name: 'use_reno', before: 'other', after: 'reno', program: congestion() },
];

/** Those whose effect is that they count. */
const counts: readonly { name: Name; program: string }[] = [
  { name: 'sock_release', program: 'import socket; socket.socket().close()' },
  { name: 'recvmsg_unix', program: unixPair('right.recvfrom(1)') },
  { name: 'getpeername_unix', program: unixPair('left.getpeername()') },
  { name: 'getsockname_unix', program: unixPair('right.getsockname()') },
];

describe('a program of a cgroup', () => {
  beforeEach(context => need(context, 'cgroup'));

  let namespace: Namespace;
  let cgroup: Cgroup;
  let elsewhere: Cgroup;
  let inside: Interpreter;
  let outside: Interpreter;

  beforeAll(() => {
    namespace = new Namespace();
    [cgroup, elsewhere] = [new Cgroup(), new Cgroup()];
    inside = new Interpreter(cgroup, namespace);
    outside = new Interpreter(elsewhere, namespace);
  });

  afterAll(async () => {
    for (const owned of [inside, outside, cgroup, elsewhere]) await owned[Symbol.asyncDispose]();
    namespace[Symbol.dispose]();
  });

  it.for(effects)('$name acts on the processes in it', async (effect, context) => {
    const { name, before, after, program } = effect;
    if (name.endsWith('_unix')) need(context, 'cgroup.unix');
    await using bpf = await loadOnly(group, [name]);
    expect(await inside.run(program)).toBe(before);
    const link = await bpf.programs[name].attach({ cgroup: cgroup.path });
    expect(link.way).toBe('link');
    expect(await inside.run(program)).toBe(after);
    expect(bpf.globals.bss.hits).toBeGreaterThan(0n);
    expect(await outside.run(program)).toBe(before);
    await link.detach();
    expect(await inside.run(program)).toBe(before);
  });

  it.for(counts)('$name sees the processes in it', async ({ name, program }, context) => {
    if (name.endsWith('_unix')) need(context, 'cgroup.unix');
    await using bpf = await loadOnly(group, [name]);
    await bpf.programs[name].attach({ cgroup: cgroup.path });
    await outside.run(program);
    expect(bpf.globals.bss.hits).toBe(0n);
    await inside.run(program);
    expect(bpf.globals.bss.hits).toBeGreaterThan(0n);
  });

  it('connect4 leads curl to another port', async () => {
    await Promise.all([namespace.serve(7001), namespace.serve(7002)]);
    await using bpf = await loadOnly(group, ['connect4']);
    const curl = async () => (await cgroup.run(namespace, 'curl', '-s', 'http://127.0.0.1:7001')).stdout;
    expect(await curl()).toBe('7001');
    await bpf.programs.connect4.attach({ cgroup: cgroup.path });
    expect(await curl()).toBe('7002');
    const { stdout } = await namespace.run('curl', '-s', 'http://127.0.0.1:7001');
    expect(stdout).toBe('7001');
  });

  it('lsm_cgroup denies a call of the security module', async context => {
    need(context, 'lsm_cgroup');
    await using bpf = await loadOnly(group, ['socket_bind']);
    const anyPort = attempt("socket.socket(2, 1).bind(('127.0.0.1', 0))");
    const link = await bpf.programs.socket_bind.attach({ cgroup: cgroup.path });
    expect(await inside.run(anyPort)).toBe('EPERM');
    expect(await outside.run(anyPort)).toBe('ok');
    expect(bpf.globals.bss.hits).toBe(1n);
    await link.detach();
    expect(await inside.run(anyPort)).toBe('ok');
  });
});

/** A line with what `expression` gives, or the name of the errno. */
function attempt(expression: string): string {
  return `
import errno, os, socket
NAME = '\\0ts-%d' % os.getpid()
try:
    value = ${expression}
    print(value if type(value) in (str, int) and value != 0 else 'ok')
except OSError as error:
    print(errno.errorcode[error.errno])
`;
}

function bind(family: string, address: string): string {
  return `socket.socket(${family}, 1).bind(('${address}', 7001))`;
}

function option(call: string): string {
  return `socket.socket().${call}`;
}

/** A call of a socket, to a name that nobody has. */
function unix(call: string, type = 1): string {
  return `socket.socket(1, ${type}).${call}`;
}

function unixPair(expression: string): string {
  return `
import os, socket
name = '\\0ts-%d' % os.getpid()
right = socket.socket(1, 2)
right.bind(name)
left = socket.socket(1, 2)
left.connect(name)
left.send(b'x')
${expression}
`;
}

/** A request to a port, and its answer. */
function exchange(port: number): string {
  return `
import socket
server = socket.socket(2, 2)
server.bind(('127.0.0.1', ${port}))
server.settimeout(0.3)
client = socket.socket(2, 2)
try:
    client.sendto(b'x', ('127.0.0.1', ${port}))
    server.recv(1)
    print('answered')
except (TimeoutError, socket.timeout, PermissionError):
    print('timed out')
`;
}

function boundPort(family: string, address: string): string {
  return `
import socket
server = socket.socket(${family}, 1)
server.bind(('${address}', 7001))
print(server.getsockname()[1])
`;
}

/** Listens on both ports; prints the one that was reached. */
function connectedPort(family: string, address: string): string {
  return `
import select, socket
servers = [socket.socket(${family}, 1) for _ in range(2)]
for server, port in zip(servers, (7001, 7002)):
    server.bind(('${address}', port))
    server.listen()
socket.socket(${family}, 1).connect(('${address}', 7001))
print(select.select(servers, [], [])[0][0].getsockname()[1])
`;
}

function sentTo(family: string, address: string): string {
  return `
import select, socket
servers = [socket.socket(${family}, 2) for _ in range(2)]
for server, port in zip(servers, (7001, 7002)):
    server.bind(('${address}', port))
socket.socket(${family}, 2).sendto(b'x', ('${address}', 7001))
print(select.select(servers, [], [])[0][0].getsockname()[1])
`;
}

function receivedFrom(family: string, address: string): string {
  return `
import socket
sender, receiver = [socket.socket(${family}, 2) for _ in range(2)]
sender.bind(('${address}', 7001))
receiver.bind(('${address}', 7003))
sender.sendto(b'x', ('${address}', 7003))
print(receiver.recvfrom(1)[1][1])
`;
}

function peerPort(family: string, address: string): string {
  return `
import socket
server = socket.socket(${family}, 1)
server.bind(('${address}', 7001))
server.listen()
client = socket.socket(${family}, 1)
client.connect(('${address}', 7001))
print(client.getpeername()[1])
`;
}

function congestion(): string {
  return `
import socket
server = socket.socket()
server.bind(('127.0.0.1', 7001))
server.listen()
client = socket.socket()
client.setsockopt(6, 13, b'cubic')
client.connect(('127.0.0.1', 7001))
name = client.getsockopt(6, 13, 16).split(b'\\0')[0].decode()
print(name if name == 'reno' else 'other')
`;
}

/** Programs of a cgroup of our own: what its processes are refused or told, and others are not. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { group } from '../../bpf/group.bpf.js';
import { Cgroup } from '../../support/cgroup.js';
import { fdInfo } from '../../support/descriptors.js';
import { Interpreter } from '../../support/interpreter.js';
import { linkContracts } from '../../support/link-contract.js';
import { need } from '../../support/need.js';
import { Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';
import {
  attempt,
  bind,
  boundPort,
  congestion,
  connectedPort,
  exchange,
  option,
  peerPort,
  receivedFrom,
  sentTo,
  unix,
  unixPair,
} from '../../support/socket-calls.js';

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
  const linkContract = linkContracts();
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
    expect(link.via).toBe('link');
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
    await namespace.serve(7001, 7002);
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
    const works = async () => (await inside.run(anyPort)) === 'EPERM';
    const programId = fdInfo(bpf.programs.socket_bind.fd, 'prog_id');
    await linkContract({ link, type: 'cgroup', programId, works });
    expect(await inside.run(anyPort)).toBe('ok');
  });
});

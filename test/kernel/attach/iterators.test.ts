/** What iterators tell, beside what something else tells of the same. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedObject } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { iterators } from '../../bpf/iterators.bpf.js';
import { bpftool } from '../../support/child.js';
import { fdInfo } from '../../support/descriptors.js';
import { need } from '../../support/need.js';
import { Talker } from '../../support/talker.js';

type Name = keyof LoadedObject<typeof iterators.description>['programs'];

/** The lines that one program prints while `meanwhile` looks at them. */
async function told(
  name: Name,
  meanwhile: (lines: string[], linkId: number) => unknown,
  { pid = 0, options = {} } = {},
): Promise<void> {
  const opened = await iterators.open({ rodata: { target_pid: pid } });
  opened.programs[name].autoload = true;
  await using bpf = await opened.load();
  const link = await bpf.programs[name].attach(options);
  const text = await link.text();
  await meanwhile(text.trim().split('\n'), fdInfo(link.fd, 'link_id'));
}

/** A process that has started, and does nothing. */
const waiting = () => Talker.start('', ['sh', '-c', 'echo ready; read line']);

const idsOf = (kind: 'map' | 'prog') => (bpftool(kind, 'show') as { id: number }[]).map(({ id }) => `${id}`);

async function listening(path?: string): Promise<Server> {
  const server = createServer().listen(path ?? { port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  return server;
}

describe('an iterator goes over', () => {
  it('the files of a process', async context => {
    need(context, 'iter');
    await using child = await waiting();
    const expected = readdirSync(`/proc/${child.pid}/fd`).sort();
    await told('files', lines => expect(lines.sort()).toEqual(expected), child);
  });

  it('one process alone, where it is told so', async context => {
    need(context, 'iter.task');
    await using child = await waiting();
    const fds = readdirSync(`/proc/${child.pid}/fd`).sort();
    const lines = (expected: string[]) => (found: string[]) => expect(found.sort()).toEqual(expected);
    await told('files', lines(fds), { pid: child.pid, options: { task: { pid: child.pid } } });
    await told('files', lines(['']), { pid: child.pid, options: { task: { pid: process.pid } } });
    await told('processes', lines([`${child.pid}`]), { options: { task: { tid: child.pid } } });
  });

  it('the memory of a process', async context => {
    need(context, 'iter.task_vma');
    await using child = await waiting();
    const maps = readFileSync(`/proc/${child.pid}/maps`, 'utf8').trim().split('\n');
    const expected = maps.filter(line => !line.includes('[vsyscall]')).map(line => line.split(' ')[0]);
    await told('ranges', lines => expect(lines).toEqual(expected), child);
  });

  it('processes, in a program that may sleep', async context => {
    need(context, 'iter.s');
    await told('processes', lines => expect(lines).toContain(`${process.pid}`));
  });

  it('BPF maps and programs', async context => {
    need(context, 'iter');
    await told('maps', lines => expect(lines).toEqual(expect.arrayContaining(idsOf('map').slice(0, 5))));
    await told('programs', lines => expect(lines).toEqual(expect.arrayContaining(idsOf('prog').slice(0, 5))));
  });

  it('BPF links, itself among them', async context => {
    need(context, 'iter.bpf_link');
    await told('links', (lines, id) => expect(lines).toContain(`${id}`));
  });

  it('TCP sockets', async context => {
    need(context, 'iter');
    const server = await listening();
    const { port } = server.address() as AddressInfo;
    await told('streams', lines => expect(lines).toContain(`${port}`));
    await once(server.close(), 'close');
    await told('streams', lines => expect(lines).not.toContain(`${port}`));
  });

  it('UDP sockets', async context => {
    need(context, 'iter');
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    await told('datagrams', lines => expect(lines).toContain(`${port}`));
    socket.close();
  });

  it('local sockets', async context => {
    need(context, 'iter.unix');
    const path = join(tmpdir(), `libbpf-ts-${process.pid}.sock`);
    const server = await listening(path);
    await told('local', lines => expect(lines).toContain(path));
    await once(server.close(), 'close');
    rmSync(path, { force: true });
  });

  it('netlink sockets', async context => {
    need(context, 'iter');
    const rows = readFileSync('/proc/net/netlink', 'utf8').trim().split('\n').slice(1);
    const expected = rows.map(row => row.trim().split(/\s+/)[2]);
    await told('ports', lines => expect(lines.sort()).toEqual(expected.sort()));
  });

  it('symbols of the kernel', async context => {
    need(context, 'iter.ksym');
    const all = execFileSync('grep', ['-c', ' vfs_read$', '/proc/kallsyms'], { encoding: 'utf8' });
    await told('symbols', lines => expect(lines).toEqual(Array(Number(all)).fill('vfs_read')));
  });

  it('caches of the slab allocator', async context => {
    need(context, 'iter.kmem_cache');
    const first = readFileSync('/proc/slabinfo', 'utf8').split('\n').slice(2, 5);
    const names = first.map(line => line.split(' ')[0]);
    await told('caches', lines => expect(lines).toEqual(expect.arrayContaining(names)));
  });
});

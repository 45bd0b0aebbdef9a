/** Sockets that share a port: a program chooses among them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ended } from '../../support/child.js';
import { need } from '../../support/need.js';
import { seconds } from '../../support/time.js';

describe('sockets that share a port', () => {
  beforeEach(context => need(context, 'sk_reuseport'));

  it('are chosen by a socket filter', async () => {
    const { stdout, stderr } = await sharing('SOCK_DGRAM', datagrams);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      via: 'socket',
      before: 8,
      first: ['0', '2', '4', '6'],
      second: ['1', '3', '5', '7'],
    });
  });

  it.for(['choose', 'choose_again'])(
    'are chosen by a sk_reuseport program, from a map: %s',
    async (name, context) => {
      if (name === 'choose_again') need(context, 'sk_reuseport.migrate');
      const { stdout, stderr } = await sharing('SOCK_STREAM', connections.replaceAll('CHOOSE', name));
      expect(stderr).toBe('');
      const { chosen, after } = JSON.parse(stdout);
      expect(chosen).toEqual([0, 24]);
      expect(after[0]).toBeGreaterThan(0);
      expect(after[0] + after[1]).toBe(24);
    },
  );
});

/** A script in a Node that gets two sockets of one port as descriptors 3 and 4: its own cannot share one before 23. */
function sharing(type: string, script: string) {
  const prepare = `
import os, socket, sys
group = [socket.socket(socket.AF_INET, socket.${type}) for _ in range(2)]
for member in group:
    member.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    member.bind(('127.0.0.1', group[0].getsockname()[1]))
    ${type === 'SOCK_STREAM' ? 'member.listen(64)' : 'member.setblocking(False)'}
for number, member in enumerate(group, 10):
    os.dup2(member.fileno(), number)
for number in (0, 1):
    os.dup2(10 + number, 3 + number)
os.execvp(sys.argv[1], sys.argv[1:])
`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  return ended('python3', ['-c', prepare, ...node], { timeout: seconds(30) });
}

const prelude = `
import { open } from 'libbpf-ts';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
async function loadOnly(name, ...names) {
  const opened = await open('test/bpf/' + name + '.bpf.o');
  for (const program of Object.values(opened.programs)) program.autoload = names.includes(program.name);
  return opened.load();
}
`;

const datagrams = `${prelude}
import dgram from 'node:dgram';
const bpf = await loadOnly('packets', 'by_last_byte');
const got = [[], []];
const sockets = [3, 4].map((fd, index) => {
  const socket = dgram.createSocket('udp4');
  socket.on('message', message => got[index].push(message.toString()));
  return socket.bind({ fd }); // at once, without telling
});
const sender = dgram.createSocket('udp4');
const { port } = sockets[0].address();
const exchange = async () => {
  for (let number = 0; number < 8; number++) sender.send(String(number), port, '127.0.0.1');
  await sleep(200);
  return got.map(list => list.splice(0).sort());
};
const before = (await exchange()).flat().length;
const link = await bpf.programs.by_last_byte.attach({ socket: sockets[0], reuseport: true });
const [first, second] = await exchange();
console.log(JSON.stringify({ via: link.via, before, first, second }));
await link.detach();
await bpf.close();
for (const socket of [...sockets, sender]) socket.close();
`;

const connections = `${prelude}
import net from 'node:net';
const bpf = await loadOnly('sockets', 'CHOOSE');
const counts = [0, 0];
const servers = [3, 4].map((fd, index) => net.createServer(socket => { counts[index]++; socket.end(); }).listen({ fd }));
await Promise.all(servers.map(server => once(server, 'listening')));
const { port } = servers[0].address();
for (const [index, server] of servers.entries()) bpf.maps.group.set(index, server);
const exchange = async () => {
  counts.fill(0);
  for (let turn = 0; turn < 24; turn++) {
    const client = net.connect(port, '127.0.0.1').resume();
    await once(client, 'close');
  }
  return [...counts];
};
const link = await bpf.programs.CHOOSE.attach({ socket: servers[0] });
const chosen = await exchange();
await link.detach();
const after = await exchange();
console.log(JSON.stringify({ chosen, after }));
await bpf.close();
for (const server of servers) server.close();
`;

/** Programs that filter what Node's own sockets get. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { packets } from '../../bpf/packets.bpf.js';
import { loadOnly } from '../../support/only.js';

describe('a socket filter', () => {
  it("keeps datagrams from Node's socket", async () => {
    await using bpf = await loadOnly(packets, ['without_x']);
    const receiver = createSocket('udp4').bind(0, '127.0.0.1');
    const sender = createSocket('udp4');
    const received: string[] = [];
    receiver.on('message', message => received.push(message.toString()));
    try {
      await once(receiver, 'listening');
      const exchange = async () => {
        for (const text of ['xa', 'b', 'xc', 'd']) sender.send(text, receiver.address().port, '127.0.0.1');
        await sleep(100);
        return received.splice(0);
      };
      expect(await exchange()).toEqual(['xa', 'b', 'xc', 'd']);
      const link = await bpf.programs.without_x.attach({ socket: receiver });
      expect(link.via).toBe('socket');
      expect(await exchange()).toEqual(['b', 'd']);
      expect(bpf.globals.bss.dropped).toBe(2n);
      await link.detach();
      expect(await exchange()).toEqual(['xa', 'b', 'xc', 'd']);
    } finally {
      receiver.close();
      sender.close();
    }
  });

  it('attaches to a server and its connections, and goes with them', async () => {
    await using bpf = await loadOnly(packets, ['without_x']);
    const server = createServer(socket => socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(client, 'connect');
    const links = [
      await bpf.programs.without_x.attach({ socket: server }),
      await bpf.programs.without_x.attach({ socket: client }),
    ];
    client.destroy();
    await once(server.close(), 'close');
    for (const link of links) await link.detach();
  });

  it('leaves another socket alone that has got the number since', async () => {
    await using bpf = await loadOnly(packets, ['without_x']);
    const first = createSocket('udp4').bind(0, '127.0.0.1');
    await once(first, 'listening');
    const link = await bpf.programs.without_x.attach({ socket: first });
    await new Promise<void>(resolve => first.close(() => resolve()));
    const second = createSocket('udp4').bind(0, '127.0.0.1');
    try {
      await once(second, 'listening');
      const kept = await bpf.programs.without_x.attach({ socket: second });
      await link.detach();
      second.send('x', second.address().port, '127.0.0.1');
      await sleep(100);
      expect(bpf.globals.bss.dropped).toBe(1n);
      await kept.detach();
    } finally {
      second.close();
    }
  });

  it('needs a socket', async () => {
    await using bpf = await loadOnly(packets, ['without_x', 'by_last_byte']);
    const { without_x, by_last_byte } = bpf.programs;
    await expect(without_x.attach({ socket: createServer() })).rejects.toThrow(
      /that socket has no descriptor: it is not open \(wait for 'listening'/,
    );
    await expect(without_x.attach({ socket: { fd: bpf.programs.without_x.fd } })).rejects.toThrow(
      /attach without_x to the socket: ENOTSOCK, descriptor \d+ is no socket/,
    );
    await expect(without_x.attach({ socket: { fd: 999_999 } })).rejects.toThrow(
      /EBADF, there is no descriptor 999999/,
    );
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    try {
      await once(socket, 'listening');
      await expect(by_last_byte.attach({ socket, reuseport: true })).rejects.toThrow(
        /to the port of the socket: EINVAL, the socket shares no port \(set SO_REUSEPORT/,
      );
    } finally {
      socket.close();
    }
  });
});

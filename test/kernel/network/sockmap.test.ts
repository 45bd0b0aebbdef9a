/** Sockets in maps, in network namespaces of our own: looked up, echoed, refused. */
import { queryHook } from 'libbpf-ts/inspect';
import { beforeEach, describe, expect, it } from 'vitest';
import { sockets } from '../../bpf/sockets.bpf.js';
import { Cgroup } from '../../support/cgroup.js';
import { exchange } from '../../support/exchange.js';
import { need } from '../../support/need.js';
import { Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

describe('sk_lookup', () => {
  beforeEach(context => need(context, 'sk_lookup'));

  it('leads curl to a socket that listens elsewhere', async () => {
    await using cgroup = new Cgroup();
    using namespace = new Namespace(); // and the server in it, which ends before its cgroup does
    await using bpf = await loadOnly(sockets, ['gather_listeners', 'steer']);
    const gathering = await bpf.programs.gather_listeners.attach({ cgroup: cgroup.path });
    await namespace.start(within(cgroup, listener));
    const curl = async () => (await namespace.run('curl', '-s', '-m', '2', 'http://127.0.0.1:7002')).stdout;
    expect(await curl()).toBe('');
    const link = await bpf.programs.steer.attach({ netns: namespace.path });
    expect(link.via).toBe('link');
    expect(await curl()).toBe('found');
    expect(bpf.globals.bss.hits).toBe(1n);
    await link.detach();
    expect(await curl()).toBe('');
    await gathering.detach();
  });

  it('attaches to our own namespace where none is named', async () => {
    await using bpf = await loadOnly(sockets, ['steer']);
    const link = await bpf.programs.steer.attach();
    expect(link.via).toBe('link');
    await link.detach();
    const named = await bpf.programs.steer.attach({ netns: process.pid });
    await named.detach();
    await expect(bpf.programs.steer.attach({ netns: 4_194_305 })).rejects.toThrow(
      /there is no \/proc\/4194305/,
    );
  });
});

describe.each(['link', 'prog_attach'] as const)('programs of a sockmap, by %s', via => {
  beforeEach(context => {
    need(context, 'sockmap');
    if (via === 'link') need(context, 'sockmap.link');
  });

  it('echo what a server gets', async () => {
    using namespace = new Namespace();
    await using cgroup = new Cgroup();
    await using bpf = await loadOnly(sockets, ['gather_servers', 'parse', 'echo_stream']);
    const { gather_servers, parse, echo_stream } = bpf.programs;
    const map = bpf.maps.streams;
    const links = [
      await parse.attach({ map, via }),
      await echo_stream.attach({ map: { id: map.info.id }, via }),
    ];
    links.push(await gather_servers.attach({ cgroup: cgroup.path }));
    expect(links[0]?.via).toBe(via);
    expect(await cgroup.python(namespace, exchange)).toBe('hello');
    expect(bpf.globals.bss.hits).toBeGreaterThan(0n);
    for (const link of links) await link.detach();
    expect(await cgroup.python(namespace, exchange)).toBe('nothing');
  });

  it('echo without a parser', async context => {
    need(context, 'sockmap.verdict');
    using namespace = new Namespace();
    await using cgroup = new Cgroup();
    await using bpf = await loadOnly(sockets, ['gather_servers', 'echo']);
    const links = [
      await bpf.programs.echo.attach({ map: bpf.maps.streams, via }),
      await bpf.programs.gather_servers.attach({ cgroup: cgroup.path }),
    ];
    expect(await cgroup.python(namespace, exchange)).toBe('hello');
    for (const link of links) await link.detach();
  });

  it('refuse what a client sends', async () => {
    using namespace = new Namespace();
    await using cgroup = new Cgroup();
    await using bpf = await loadOnly(sockets, ['gather_clients', 'refuse']);
    const links = [
      await bpf.programs.refuse.attach({ map: bpf.maps.streams, via }),
      await bpf.programs.gather_clients.attach({ cgroup: cgroup.path }),
    ];
    expect(await cgroup.python(namespace, exchange)).toBe('EACCES');
    expect(bpf.globals.bss.hits).toBe(1n);
    for (const link of links) await link.detach();
  });
});

describe('a sockmap', () => {
  it('is no help where the section does not say the hook', async context => {
    need(context, 'sockmap');
    await using bpf = await loadOnly(sockets, ['nowhere']);
    const attach = bpf.programs.nowhere.attach as (options: object) => Promise<unknown>;
    await expect(attach.call(bpf.programs.nowhere, { map: bpf.maps.streams })).rejects.toThrow(
      /^attach nowhere: ERR_BPF_ARGUMENT, its section does not say the hook: use sk_skb/,
    );
  });

  it('takes one program at a hook, which is named', async context => {
    need(context, 'sockmap.link');
    await using bpf = await loadOnly(sockets, ['echo', 'echo_stream', 'refuse']);
    const { echo, echo_stream, refuse } = bpf.programs;
    const map = bpf.maps.streams;
    const link = await echo.attach({ map });
    await expect(echo_stream.attach({ map })).rejects.toThrow(/^attach echo_stream to the sockmap: /);
    await link.detach();
    await refuse.attach({ map });
    await expect(refuse.attach({ map })).rejects.toThrow(/program refuse \(id \d+\) sits there/);
    expect((await queryHook('sk_msg', { map })).programs).toMatchObject([{ name: 'refuse' }]);
    await expect(refuse.attach({ map: bpf.maps.group })).rejects.toThrow(/^attach refuse to the sockmap: E/);
  });
});

/** Moves a server into the cgroup before it listens. */
function within(cgroup: Cgroup, program: string): string {
  return `open('${cgroup.path}/cgroup.procs', 'w').write('0')\n${program}`;
}

const listener = `
import socket
server = socket.socket()
server.bind(('127.0.0.1', 7001))
server.listen()
print('ready', flush=True)
while True:
    connection, _ = server.accept()
    connection.recv(1000)
    connection.send(b'HTTP/1.0 200 OK\\r\\n\\r\\nfound')
    connection.close()
`;

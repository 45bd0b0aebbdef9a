/** Links that take another program while traffic flows: nothing gets past between the old one and the new one. */
import type { Link, Program, StructOpsMap } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { congestionLink } from '../../bpf/congestion_link.bpf.js';
import { group } from '../../bpf/group.bpf.js';
import { packets } from '../../bpf/packets.bpf.js';
import { sockets } from '../../bpf/sockets.bpf.js';
import { inside } from '../../support/inside.js';
import { Kit } from '../../support/kit.js';
import { need } from '../../support/need.js';
import { Cable, Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

/** Updates a link to one program or table and the other, in turns, until the traffic ends; resolves to what came of it. */
async function meanwhile<T, Next extends Program | StructOpsMap>(
  link: Link,
  [one, two]: readonly [Next, Next],
  traffic: Promise<T>,
): Promise<T> {
  let flows = true;
  const ended = traffic.finally(() => {
    flows = false;
  });
  let turns = 0;
  for (; flows; turns++) await link.update((turns % 2 === 0 ? two : one) as Program);
  expect(turns).toBeGreaterThan(1);
  return ended;
}

describe('updating at an interface', () => {
  const places = [
    ['drop', 'xdp'],
    ['drop_egress', 'tcx'],
  ] as const;

  it.for(places)('%s lets no packet through %s', async ([name, feature], context) => {
    need(context, feature);
    using cable = new Cable();
    await cable.left.reach('10.77.0.2'); // and the addresses are known
    await using one = await loadOnly(packets, [name]);
    await using two = await loadOnly(packets, [name]);
    const programs = [one.programs[name], two.programs[name]] as const;
    const link = await programs[0].attach(cable.end);
    expect(await meanwhile(link, programs, cable.blocked(50))).toBe(0);
    expect(one.globals.bss.dropped).toBeGreaterThan(0n);
    expect(two.globals.bss.dropped).toBeGreaterThan(0n);
    expect(one.globals.bss.dropped + two.globals.bss.dropped).toBe(50n);
  });

  it('lets no packet through netkit', async context => {
    need(context, 'netkit');
    using kit = new Kit();
    await kit.left.reach('10.78.0.2');
    await using one = await loadOnly(packets, ['drop_netkit']);
    await using two = await loadOnly(packets, ['drop_netkit']);
    const programs = [one.programs.drop_netkit, two.programs.drop_netkit] as const;
    const link = await programs[0].attach(kit.place);
    expect(await meanwhile(link, programs, kit.ping('left', 50, 0.2))).toBe(0);
    for (const { globals } of [one, two]) expect(globals.bss.dropped).toBeGreaterThan(0n);
  });

  it('is refused by kinds of links that cannot', async context => {
    need(context, 'netfilter');
    using namespace = new Namespace();
    await using bpf = await loadOnly(packets, ['drop_filtered']);
    const { drop_filtered } = bpf.programs;
    const place = { family: 'ipv4', hook: 'input', priority: 5, netns: namespace.path } as const;
    const link = await drop_filtered.attach(place);
    await expect(link.update(drop_filtered)).rejects.toThrow(
      /^update link of drop_filtered to drop_filtered: E\w+, a link of kind netfilter keeps its program \(/,
    );
  });
});

describe('updating around sockets', () => {
  const here = inside();

  it('lets nothing be read past a cgroup', async context => {
    need(context, 'cgroup');
    await using one = await loadOnly(group, ['sysctl']);
    await using two = await loadOnly(group, ['sysctl']);
    const programs = [one.programs.sysctl, two.programs.sysctl] as const;
    const link = await programs[0].attach({ cgroup: here.cgroup.path });
    const counted = here.python.run(counting("open('/proc/sys/kernel/ostype').read()"));
    expect(await meanwhile(link, programs, counted)).toBe('0');
    link.updateSync({ id: programs[0].info.id });
    expect(() => link.updateSync(programs[0], { expected: programs[1] })).toThrow(/EPERM/);
    const notThere = link.update(programs[0], { expected: programs[1] });
    await expect(notThere).rejects.toMatchObject({ code: 'EPERM' });
  });

  it('lets nothing be sent past a sockmap', async context => {
    need(context, 'sockmap.link');
    await using one = await loadOnly(sockets, ['gather_clients', 'refuse']);
    await using two = await loadOnly(sockets, ['refuse']);
    await one.programs.gather_clients.attach({ cgroup: here.cgroup.path });
    const link = await one.programs.refuse.attach({ map: one.maps.streams });
    const counted = here.python.run(`${connected}\n${counting("client.send(b'hello')")}`);
    expect(await meanwhile(link, [one.programs.refuse, two.programs.refuse], counted)).toBe('0');
  });

  it('leaves no connection without the socket that is looked up for it', async context => {
    need(context, 'sk_lookup');
    await using one = await loadOnly(sockets, ['steer', 'gather_listeners']);
    await using two = await loadOnly(sockets, ['steer', 'gather_listeners']);
    for (const { programs } of [one, two])
      await programs.gather_listeners.attach({ cgroup: here.cgroup.path });
    const link = await one.programs.steer.attach({ netns: here.namespace.path });
    const connecting = "socket.create_connection(('127.0.0.1', 7002)).close()";
    const counted = here.python.run(`${listening}\n${counting(connecting)}`);
    expect(await meanwhile(link, [one.programs.steer, two.programs.steer], counted)).toBe('300');
    for (const { globals } of [one, two]) expect(globals.bss.hits).toBeGreaterThan(0n);
  });

  it('leaves no connection without its congestion control', async context => {
    need(context, 'struct_ops.link');
    await using bpf = await congestionLink.load();
    const { linked, renewed } = bpf.maps;
    const link = await linked.attach();
    const counted = here.python.run(`${listening}\n${connect}\n${counting('connect()')}`);
    expect(await meanwhile(link, [linked, renewed], counted)).toBe('300');
    const { started, restarted } = bpf.globals.bss;
    for (const count of [started, restarted]) expect(count).toBeGreaterThan(0n);
    expect(started + restarted).toBe(300n);
  });
});

/** Prints how many of 300 tries succeed. */
function counting(expression: string): string {
  return `
import time
count = 0
for _ in range(300):
    time.sleep(0.002)
    try:
        ${expression}
        count += 1
    except OSError:
        pass
print(count)
`;
}

/** All that connects stays in its backlog. */
const listening = `
import socket
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', 7001))
server.listen(400)
`;

const connect = `
def connect():
    client = socket.socket()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b'ts_linked')
    client.connect(('127.0.0.1', 7001))
    client.close()
`;

const connected = `${listening}
client = socket.create_connection(('127.0.0.1', 7001))
`;

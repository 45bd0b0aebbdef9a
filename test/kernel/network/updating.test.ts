/** Links that take another program while traffic flows: nothing gets past between the old one and the new one. */
import type { Link, Program } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { group } from '../../bpf/group.bpf.js';
import { packets } from '../../bpf/packets.bpf.js';
import { sockets } from '../../bpf/sockets.bpf.js';
import { Cgroup } from '../../support/cgroup.js';
import { need } from '../../support/need.js';
import { Cable, Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

/** Updates a link to one program and the other, in turns, until the traffic ends; resolves to what came of it. */
async function meanwhile<T>(link: Link, programs: readonly [Program, Program], traffic: Promise<T>) {
  const [one, two] = programs;
  let flows = true;
  const ended = traffic.finally(() => {
    flows = false;
  });
  let turns = 0;
  for (; flows; turns++) await link.update(turns % 2 === 0 ? two : one);
  expect(turns).toBeGreaterThan(1);
  return ended;
}

describe('updating', () => {
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

  it('lets nothing be read past a cgroup', async context => {
    need(context, 'cgroup');
    await using cgroup = new Cgroup();
    await using one = await loadOnly(group, ['sysctl']);
    await using two = await loadOnly(group, ['sysctl']);
    const programs = [one.programs.sysctl, two.programs.sysctl] as const;
    const link = await programs[0].attach({ cgroup: cgroup.path });
    const counted = cgroup.python(undefined, counting("open('/proc/sys/kernel/ostype').read()"));
    expect(await meanwhile(link, programs, counted)).toBe('0');
    await link.update(programs[0]);
    const notThere = link.update(programs[0], { expected: programs[1] });
    await expect(notThere).rejects.toMatchObject({ code: 'EPERM' });
  });

  it('lets nothing be sent past a sockmap', async context => {
    need(context, 'sockmap.link');
    await using cgroup = new Cgroup();
    using namespace = new Namespace();
    await using one = await loadOnly(sockets, ['gather_clients', 'refuse']);
    await using two = await loadOnly(sockets, ['refuse']);
    await one.programs.gather_clients.attach({ cgroup: cgroup.path });
    const link = await one.programs.refuse.attach({ map: one.maps.streams });
    const counted = cgroup.python(namespace, `${connected}\n${counting("client.send(b'hello')")}`);
    expect(await meanwhile(link, [one.programs.refuse, two.programs.refuse], counted)).toBe('0');
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

/** Prints how many of many tries succeed, of something that is denied. */
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

const connected = `
import socket
server = socket.socket()
server.bind(('127.0.0.1', 7001))
server.listen()
client = socket.create_connection(('127.0.0.1', 7001))
`;

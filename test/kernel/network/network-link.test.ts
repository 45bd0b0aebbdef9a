/** The link contract for network kinds. */
import { describe, expect, it } from 'vitest';
import { congestionLink } from '../../bpf/congestion_link.bpf.js';
import { group } from '../../bpf/group.bpf.js';
import { packets } from '../../bpf/packets.bpf.js';
import { sockets } from '../../bpf/sockets.bpf.js';
import { fdInfo } from '../../support/descriptors.js';
import { exchange } from '../../support/exchange.js';
import { inside } from '../../support/inside.js';
import { linkContracts } from '../../support/link-contract.js';
import { need } from '../../support/need.js';
import { Cable, Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';
import { attempt } from '../../support/socket-calls.js';

describe('the link contract', () => {
  const linkContract = linkContracts();
  const here = inside();

  it('holds for XDP', async context => {
    need(context, 'xdp');
    using cable = new Cable();
    expect(await cable.ping(1)).toBe(1); // and the addresses are known
    await using bpf = await loadOnly(packets, ['drop']);
    const link = await bpf.programs.drop.attach({ ...cable.end });
    const works = blocking(cable, bpf.globals.bss);
    await linkContract({ link, type: 'xdp', programId: fdInfo(bpf.programs.drop.fd, 'prog_id'), works });
  });

  it('holds for tcx', async context => {
    need(context, 'tcx');
    using cable = new Cable();
    expect(await cable.ping(1)).toBe(1);
    await using bpf = await loadOnly(packets, ['drop_egress']);
    const { drop_egress } = bpf.programs;
    const link = await drop_egress.attach({ ...cable.end });
    const works = blocking(cable, bpf.globals.bss);
    const programId = fdInfo(drop_egress.fd, 'prog_id');
    await linkContract({ link, type: 'tcx', number: 11, programId, works });
  });

  it('holds for netfilter', async context => {
    need(context, 'netfilter');
    using cable = new Cable();
    expect(await cable.ping(1)).toBe(1);
    await using bpf = await loadOnly(packets, ['drop_filtered']);
    const { drop_filtered } = bpf.programs;
    const place = { family: 'ipv4', hook: 'input', priority: 5, netns: cable.right.path } as const;
    const link = await drop_filtered.attach(place);
    expect(link.info).toMatchObject({ type: 'netfilter', priority: 5 });
    const works = blocking(cable, bpf.globals.bss);
    const programId = fdInfo(drop_filtered.fd, 'prog_id');
    await linkContract({ link, type: 'netfilter', number: 10, programId, works });
  });

  it('holds for cgroups', async context => {
    need(context, 'cgroup');
    await using bpf = await loadOnly(group, ['sysctl']);
    const link = await bpf.programs.sysctl.attach({ cgroup: here.cgroup.path });
    const works = async () => (await here.python.run(attempt(reading))) === 'EPERM';
    await linkContract({ link, type: 'cgroup', programId: fdInfo(bpf.programs.sysctl.fd, 'prog_id'), works });
  });

  it('holds for sockmaps', async context => {
    need(context, 'sockmap.link');
    await using bpf = await loadOnly(sockets, ['gather_clients', 'refuse']);
    await bpf.programs.gather_clients.attach({ cgroup: here.cgroup.path });
    const { refuse } = bpf.programs;
    const link = await refuse.attach({ map: bpf.maps.streams });
    expect(link.info).toMatchObject({ mapId: fdInfo(bpf.maps.streams.fd, 'map_id') });
    const works = async () => (await here.python.run(exchange)) === 'EACCES';
    const programId = fdInfo(refuse.fd, 'prog_id');
    await linkContract({ link, type: 'sockmap', number: 14, programId, works });
  });

  it('holds for tables of the kernel', async context => {
    need(context, 'struct_ops.link');
    await using bpf = await congestionLink.load();
    const link = await bpf.maps.linked.attach();
    expect(link.info).toMatchObject({ mapId: fdInfo(bpf.maps.linked.fd, 'map_id') });
    const works = async () => (await here.python.run(attempt(choosing))) === 'ok';
    await linkContract({ link, type: 'struct_ops', programId: 0, works });
  });

  it('holds for network namespaces', async context => {
    need(context, 'sk_lookup');
    using namespace = new Namespace();
    await using bpf = await loadOnly(sockets, ['steer', 'gather_listeners']);
    await bpf.programs.gather_listeners.attach({ cgroup: here.cgroup.path });
    await namespace.start(`open('${here.cgroup.path}/cgroup.procs', 'w').write('0')\n${listener}`);
    const link = await bpf.programs.steer.attach({ netns: namespace.path });
    const curl = () => namespace.run('curl', '-s', 'http://127.0.0.1:7002');
    const works = async () => (await curl()).code === 0;
    await linkContract({ link, type: 'netns', programId: fdInfo(bpf.programs.steer.fd, 'prog_id'), works });
  });
});

const reading = "open('/proc/sys/kernel/ostype').read().strip()";

/** Succeeds where TCP knows our congestion control. */
const choosing = "socket.socket().setsockopt(6, 13, b'ts_linked')";

/** True when a ping is counted as dropped, and is not answered. */
function blocking(cable: Cable, counts: { readonly dropped: bigint }): () => Promise<boolean> {
  return async () => {
    const before = counts.dropped;
    const answered = await cable.blocked(1);
    return counts.dropped > before && answered === 0;
  };
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

/** Netfilter and flow dissectors in network namespaces of our own. */
import { queryHook } from 'libbpf-ts/inspect';
import { beforeEach, describe, expect, it } from 'vitest';
import { packets } from '../../bpf/packets.bpf.js';
import { fdInfo } from '../../support/descriptors.js';
import { linkContracts } from '../../support/link-contract.js';
import { need } from '../../support/need.js';
import { Cable, Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

describe('netfilter', () => {
  beforeEach(context => need(context, 'netfilter'));

  it('drops pings at a hook', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_filtered']);
    const place = { family: 'ipv4', hook: 'input', priority: 5, netns: cable.right.path } as const;
    const link = await bpf.programs.drop_filtered.attach(place);
    expect(await cable.blocked()).toBe(0);
    expect(bpf.globals.bss.dropped).toBe(3n);
    await link.detach();
    expect(await cable.ping()).toBe(3);
  });

  it('sees no other protocol, namespace or hook', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_filtered']);
    const { drop_filtered } = bpf.programs;
    const place = { family: 'ipv4', hook: 'input', priority: 5, netns: cable.right.path } as const;
    await drop_filtered.attach({ ...place, family: 'ipv6' });
    await drop_filtered.attach({ ...place, hook: 'forward' });
    expect(await cable.ping()).toBe(3);
  });

  it('refuses a priority that is taken', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_filtered']);
    const place = { family: 'ipv4', hook: 'input', priority: 5, netns: cable.right.path } as const;
    await bpf.programs.drop_filtered.attach(place);
    await expect(bpf.programs.drop_filtered.attach(place)).rejects.toThrow(
      /^attach drop_filtered to ipv4 input: EBUSY, program drop_filtered \(id \d+\) sits there \(give another priority\)$/,
    );
  });
});

describe('netfilter with defragment', () => {
  it('drops what was put together first', async context => {
    need(context, 'netfilter.defragment');
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_filtered']);
    const place = { family: 'ipv4', hook: 'prerouting', priority: 5, netns: cable.right.path } as const;
    const link = await bpf.programs.drop_filtered.attach({ ...place, defragment: true });
    expect(link.info).toMatchObject({ family: 'ipv4', hook: 'prerouting', priority: 5, defragment: true });
    await cable.left.run('ping', '-c', '2', '-i', '0.02', '-W', '1', '-s', '4000', '10.77.0.2');
    expect(bpf.globals.bss.dropped).toBe(2n);
  });
});

describe('flow_dissector', () => {
  const linkContract = linkContracts();
  beforeEach(context => need(context, 'flow_dissector'));

  it('takes packets apart for a fan-out by hash', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['dissect']);
    const link = await bpf.programs.dissect.attach({ netns: cable.right.path });
    await cable.right.start(fanout);
    const works = async () => {
      const { passed } = bpf.globals.bss;
      expect(await cable.ping(1)).toBe(1);
      return bpf.globals.bss.passed > passed;
    };
    await linkContract({ link, type: 'netns', programId: fdInfo(bpf.programs.dissect.fd, 'prog_id'), works });
  });

  it('is one for each namespace', async () => {
    using namespace = new Namespace();
    await using bpf = await loadOnly(packets, ['dissect']);
    await bpf.programs.dissect.attach({ netns: namespace.path });
    await expect(bpf.programs.dissect.attach({ netns: namespace.path })).rejects.toThrow(
      /program dissect \(id \d+\) sits there \(a network namespace takes one flow_dissector/,
    );
    const { programs } = await queryHook('flow_dissector', { netns: namespace.path });
    expect(programs).toMatchObject([{ name: 'dissect' }]);
  });
});

/** Two packet sockets in a group that chooses by the hash of a packet's flow. */
const fanout = `
import socket, struct, time
group = [socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) for _ in range(2)]
for member in group:
    member.bind(('cable', 3))
    member.setsockopt(263, 18, struct.pack('HH', 77, 0))
print('ready', flush=True)
time.sleep(60)
`;

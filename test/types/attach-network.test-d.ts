/** How network programs are attached: what must be said, and what must not compile. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Link, LoadedObject, Program } from 'libbpf-ts';
import { describe, expectTypeOf, it } from 'vitest';
import type { congestion } from '../bpf/congestion.bpf.js';
import type { group } from '../bpf/group.bpf.js';
import type { packets } from '../bpf/packets.bpf.js';
import type { sockets } from '../bpf/sockets.bpf.js';

declare const packet: LoadedObject<typeof packets.description>['programs'];
declare const grouped: LoadedObject<typeof group.description>['programs'];
declare const socket: LoadedObject<typeof sockets.description>;
declare const control: LoadedObject<typeof congestion.description>;

/** What `attach()` says instead of taking anything. */
type Refusal<Section extends string> =
  Parameters<Program<Section>['attach']> extends [infer Cannot] ? Cannot[keyof Cannot] : never;

describe('interfaces', () => {
  it('are named, by name or index', () => {
    expectTypeOf(packet.drop.attach({ interface: 'eth0' })).resolves.toEqualTypeOf<Link>();
    packet.drop.attach({ interface: 2, mode: 'native', netns: '/run/netns/blue' });
    packet.drop.attach({ interface: 2, netns: 1, replace: { fd: 3 } });
    // @ts-expect-error which interface?
    packet.drop.attach();
    // @ts-expect-error which interface?
    packet.drop.attach({ mode: 'native' });
    // @ts-expect-error there is no such mode
    packet.drop.attach({ interface: 'eth0', mode: 'fast' });
    // @ts-expect-error the section says the direction
    packet.first.attach({ interface: 'eth0', direction: 'ingress' });
    // @ts-expect-error XDP has no order
    packet.drop.attach({ interface: 'eth0', before: 'all' });
  });

  it('have an order with tcx, a direction with tc', () => {
    packet.first.attach({ interface: 'eth0', before: { link: '/sys/fs/bpf/first' }, expectedRevision: 4n });
    packet.first.attach({ interface: 'eth0', after: 'all' });
    packet.drop_netkit.attach({ interface: 'nk0', after: { program: { id: 3 } } });
    // @ts-expect-error before what?
    packet.first.attach({ interface: 'eth0', before: { fd: 3 } });
    // @ts-expect-error a bigint
    packet.first.attach({ interface: 'eth0', expectedRevision: 4 });
    packet.drop_classified.attach({ interface: 'eth0', direction: 'egress', priority: 1, handle: 1 });
    // @ts-expect-error which direction?
    packet.drop_classified.attach({ interface: 'eth0' });
  });

  it('are not what netfilter asks for', () => {
    packet.drop_filtered.attach({ family: 'ipv4', hook: 'input', priority: 0 });
    // @ts-expect-error which priority?
    packet.drop_filtered.attach({ family: 'ipv4', hook: 'input' });
    // @ts-expect-error there is no such hook
    packet.drop_filtered.attach({ family: 'ipv4', hook: 'ingress', priority: 0 });
  });
});

describe('namespaces, cgroups and sockets', () => {
  it('are named where there is no natural one', () => {
    packet.dissect.attach();
    packet.dissect.attach({ netns: 42 });
    grouped.connect4.attach({ cgroup: '/sys/fs/cgroup/x', after: 'all' });
    grouped.connect4.attach({ cgroup: '/sys/fs/cgroup/x', sharing: 'override' });
    // @ts-expect-error which cgroup?
    grouped.connect4.attach();
    // @ts-expect-error the section says the function, not the cgroup
    grouped.socket_bind.attach();
    grouped.socket_bind.attach({ cgroup: '/sys/fs/cgroup/x' });
    // @ts-expect-error a path
    grouped.connect4.attach({ cgroup: 3 });
  });

  it("are maps, Node's sockets or { fd }", () => {
    socket.programs.refuse.attach({ map: socket.maps.streams });
    socket.programs.refuse.attach({ map: { id: 3 } });
    // @ts-expect-error which map?
    socket.programs.refuse.attach();
    packet.without_x.attach({ socket: createServer() });
    packet.without_x.attach({ socket: createSocket('udp4'), reuseport: true });
    socket.programs.choose.attach({ socket: { fd: 3 } });
    // @ts-expect-error a descriptor is { fd }
    socket.programs.choose.attach({ socket: 3 });
    // @ts-expect-error no socket
    socket.programs.choose.attach({ socket: {} });
  });
});

describe('what cannot be attached', () => {
  it('says why, in a sentence', () => {
    expectTypeOf<
      Refusal<'struct_ops'>
    >().toEqualTypeOf<'it attaches through its map: bpf.maps.NAME.attach()'>();
    expectTypeOf<Refusal<'cgroup/skb'>>().toExtend<`${string}use cgroup_skb/ingress or cgroup_skb/egress`>();
    expectTypeOf<Refusal<'sk_skb'>>().toExtend<`${string}sk_skb/stream_verdict or sk_skb/verdict`>();
    expectTypeOf<Refusal<'lwt_xmit'>>().toExtend<`a route names it${string}`>();
    expectTypeOf<Refusal<'action'>>().toExtend<`a tc filter names it${string}`>();
    expectTypeOf<Refusal<'xdp/devmap'>>().toExtend<`it runs for entries of a devmap${string}`>();
    expectTypeOf<Refusal<'xdp/eth0'>>().toEqualTypeOf<'libbpf knows no section xdp/eth0'>();
    // @ts-expect-error through its map
    control.programs.start.attach();
    expectTypeOf(control.maps.plain.attach()).resolves.toEqualTypeOf<Link>();
    // @ts-expect-error a sockmap is not attached
    socket.maps.streams.attach();
  });
});

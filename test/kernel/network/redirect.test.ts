/** Packets that XDP moves: from one cable to another, which nothing else connects, to another CPU, and to a socket. */
import { availableParallelism } from 'node:os';
import { beforeEach, describe, expect, it } from 'vitest';
import { redirected } from '../../bpf/redirected.bpf.js';
import { need } from '../../support/need.js';
import { Cable, Namespace } from '../../support/network.js';
import { Talker } from '../../support/talker.js';
import { xdpSocket } from '../../support/xdp-socket.js';

beforeEach(context => need(context, 'xdp.cpumap'));

/** A map takes interfaces of the network namespace that its process is in: a Node there, which runs lines. */
const script = `
import { createInterface } from 'node:readline';
import { load } from 'libbpf-ts';
const links = {};
const { globals, maps, programs } = await load('test/bpf/redirected.bpf.o');
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const run = eval(\`async () => \${line}\`);
  console.log(await run().then(String, error => error.message));
}
`;

function nodeIn({ path }: Namespace, parent: readonly string[]): Promise<Talker> {
  const node = [process.execPath, '--input-type=module', '-e', script];
  return Talker.start('', ['nsenter', `--net=${path}`, ...parent, ...node]);
}

/** An end of its own network namespace; the cable's other end is in `middle`, where it has the name. */
function end(middle: Namespace, name: string, address: string): Namespace {
  const namespace = new Namespace();
  const add = `link add ${name} type veth peer name cable netns ${namespace.name}`;
  middle.ip(add, `link set ${name} up`);
  namespace.ip(`address add ${address}/24 dev cable`, 'link set cable up');
  return namespace;
}

describe('XDP', () => {
  it('moves packets from one interface of a map to the other, past a program, or to a socket', async context => {
    need(context, 'map.xskmap');
    using middle = new Namespace();
    using left = end(middle, 'first', '10.77.0.1');
    using right = end(middle, 'second', '10.77.0.2');
    await using node = await nodeIn(middle, ['python3', '-IS', '-c', xdpSocket('first')]);
    const attached = async (name: string, place: string) =>
      expect(await node.ask(`(links.${name} = await programs.${name}.attach(${place})).via`)).toBe('link');
    for (const { path } of [left, right]) await attached('pass', `{ interface: 'cable', netns: '${path}' }`);
    expect(await left.ping('10.77.0.2', 1, 0.2)).toBe(0);
    for (const [key, name] of ['first', 'second'].entries()) {
      const line = `maps.ports.set(${key}, { interface: '${name}', program: programs.leaving }).get(${key}).ifindex`;
      const { stdout } = await middle.run('ip', '-j', 'link', 'show', name);
      expect(await node.ask(line)).toBe(`${JSON.parse(stdout)[0].ifindex}`);
    }
    await attached('to_second', "{ interface: 'first' }");
    await attached('to_first', "{ interface: 'second' }");
    await left.reach('10.77.0.2');
    const before = Number(await node.ask('globals.bss.left'));
    expect(await left.ping('10.77.0.2', 3)).toBe(3);
    expect(Number(await node.ask('globals.bss.left'))).toBe(before + 6);
    // While the address is known: nobody answers any more.
    await node.ask('await links.to_second.detach()');
    await attached('to_socket', "{ interface: 'first' }");
    expect(await node.ask('maps.queues.set(0, { fd: Number(process.env.XDP_SOCKET) }).size')).toBe('2');
    await left.run('ping', '-c', '1', '-W', '0.2', '-p', '78', '10.77.0.2');
    expect(await node.hear()).toBe('x'.repeat(16));
    expect(await node.ask('maps.queues.delete(0)')).toBe('true');
    await node.ask('await links.to_socket.detach()');
    await attached('to_second', "{ interface: 'first' }");
    expect(await node.ask('maps.ports.delete(1)')).toBe('true');
    expect(await left.ping('10.77.0.2', 2, 0.2)).toBe(0);
  });

  it('hands packets to a CPU of a map, past a program', async () => {
    using cable = new Cable();
    await cable.left.reach('10.77.0.2'); // and the addresses are known
    const chosen = Math.min(availableParallelism(), 64) - 1;
    await using bpf = await redirected.load({ rodata: { chosen } });
    const { to_cpu, arriving } = bpf.programs;
    const link = await to_cpu.attach(cable.end);
    expect(await cable.blocked(2)).toBe(0);
    bpf.maps.cpus.set(chosen, { queueSize: 64, program: arriving });
    expect(await cable.ping(3)).toBe(3);
    expect(bpf.globals.bss).toMatchObject({ arrived: 3n, cpu: BigInt(chosen) });
    await link.detach();
    expect(await cable.ping(3)).toBe(3);
    expect(bpf.globals.bss.arrived).toBe(3n);
  });
});

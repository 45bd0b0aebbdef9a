/** Whatever a C program on libbpf attaches, we attach: section by section, in the same places, on every kernel. */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { LoadedObject, Program } from 'libbpf-ts';
import { expect, it } from 'vitest';
import { sections } from '../../bpf/sections.bpf.js';
import { Cgroup } from '../../support/cgroup.js';
import { thisKernel } from '../../support/kernel.js';
import { Cable } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';
import { libbpfProgram } from '../../support/program.js';

const object = new URL('../../bpf/sections.bpf.o', import.meta.url).pathname;

type Loaded = LoadedObject<typeof sections.description>;
type Name = keyof Loaded['programs'];
type Options = Parameters<Program['attach']>[0];

/** Programs of hooks that deny are for virtual machines, and for kernels that run them: elsewhere we refuse them. */
function isHere(name: string): boolean {
  const { 'is in a virtual machine': guest, 'runs BPF security hooks': runs } = thisKernel().conditions;
  return !/^(lsm|fmod_ret)/.test(name) || (guest && runs);
}

const names = Object.keys(sections.description.programs).filter(isHere) as Name[];

/** What every kernel attaches that the tests know; a C program that cannot would show nothing of ours. */
const everywhere: readonly Name[] = [
  'uprobe',
  'uretprobe',
  'raw_tp',
  'tp_btf',
  'iter_task',
  'iter_bpf_map_elem',
  'perf_event',
  'xdp',
  'tc',
  'sk_lookup',
  'flow_dissector',
  'cgroup_connect4',
  'cgroup_dev',
  'sockops',
  'sk_msg',
  'sk_skb_stream_verdict',
  'socket',
];

it('what a C program attaches, we attach', async () => {
  using cable = new Cable();
  await using cgroup = new Cgroup();
  await cable.right.run('ip', 'link', 'add', 'kit', 'type', 'netkit'); // where the kernel has it
  const binary = libbpfProgram(new URL('loader.c', import.meta.url));
  const { stdout } = await cable.right.run(binary, object, cgroup.path, ...names);
  const lines = stdout.trim().split('\n');
  const theirs = lines.filter(line => line.includes(' attached ')).map(line => line.split(' ')[0] as Name);
  expect(lines).toHaveLength(names.length);
  expect(theirs).toEqual(expect.arrayContaining([...everywhere]));
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const refusals = new Map<Name, string>();
  try {
    for (const name of theirs) await attachAndDetach(name, { cable, cgroup, binary, socket }, refusals);
  } finally {
    socket.close();
  }
  expect(Object.fromEntries(refusals)).toEqual({});
});

/** Where the C program attaches. */
interface Places {
  readonly cable: Cable;
  readonly cgroup: Cgroup;
  readonly binary: string;
  readonly socket: Socket;
}

async function attachAndDetach(name: Name, places: Places, refusals: Map<Name, string>): Promise<void> {
  const cgroup = openSync(places.cgroup.path, 'r');
  try {
    await using bpf = await loadOnly(sections, [name]);
    const program = bpf.programs[name] as Program;
    const link = await program.attach(optionsOf(name, bpf, places, cgroup));
    await link.detach();
  } catch (error) {
    refusals.set(name, String(error));
  } finally {
    closeSync(cgroup);
  }
}

function optionsOf(name: Name, { maps }: Loaded, places: Places, fd: number): Options {
  const { cable, cgroup, binary, socket } = places;
  const netns = cable.right.path;
  const choices: readonly [pattern: RegExp, options: Options][] = [
    [/^u(ret)?probe_(multi|session)/, { binary, functions: ['target'] }],
    [/^u(ret)?probe/, { binary, function: 'target' }],
    [/^usdt/, { binary, provider: 'shop', name: 'sold' }],
    [/^perf_event/, { event: 'task-clock', period: 1_000_000_000, pid: process.pid }],
    [/^iter_cgroup/, { cgroup: { fd, order: 'self' } }],
    [/^iter_bpf_map_elem/, { mapFd: maps.numbers.fd }],
    [/^iter_bpf_sk_storage_map/, { mapFd: maps.notes.fd }],
    [/^iter_sockmap/, { mapFd: maps.sockets.fd }],
    [/^(xdp|tcx_|tc_)/, cable.end],
    [/^(tc|classifier)$/, { ...cable.end, direction: 'ingress' }],
    [/^netkit/, { interface: 'kit', netns }],
    [/^netfilter/, { family: 'ipv4', hook: 'input', priority: 5, netns }],
    [/^(sk_lookup|flow_dissector)/, { netns }],
    [/^(cgroup|sockops|lsm_cgroup)/, { cgroup: cgroup.path }],
    [/^(sk_skb|sk_msg)/, { map: maps.sockets }],
    [/^socket/, { socket }],
  ];
  return choices.find(([pattern]) => pattern.test(name))?.[1];
}

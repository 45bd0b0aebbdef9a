/** Where programs of each section are attached in tests: in a namespace, a cgroup and a binary of their own. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { LoadedObject, Program } from 'libbpf-ts';
import type { sections } from '../bpf/sections.bpf.js';
import { Cgroup } from './cgroup.js';
import { thisKernel } from './kernel.js';
import { Cable } from './network.js';

/** An object with a program for each section. */
export type Sections = LoadedObject<typeof sections.description>;
export type SectionName = keyof Sections['programs'];
type Options = Parameters<Program['attach']>[0];

/** Programs of hooks that deny are for virtual machines, and for kernels that run them: elsewhere we refuse them. */
export function isForHere(name: string): boolean {
  const { 'is in a virtual machine': guest, 'runs BPF security hooks': runs } = thisKernel().conditions;
  return !/^(lsm|fmod_ret)/.test(name) || (guest && runs);
}

/** A cable's right end, netkit devices where the kernel has them, a cgroup, a socket. */
export class Places implements AsyncDisposable {
  readonly cable = new Cable();
  readonly cgroup = new Cgroup();
  /** Has a function `target` and a probe `shop:sold`. */
  readonly binary: string;
  readonly #socket: Socket;

  private constructor(binary: string, socket: Socket) {
    this.binary = binary;
    this.#socket = socket;
  }

  static async make(binary: string): Promise<Places> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const places = new Places(binary, socket);
    await places.cable.right.run('ip', 'link', 'add', 'kit', 'type', 'netkit');
    return places;
  }

  /** What a program is attached with; undefined where its section says it all. */
  of(name: SectionName, maps?: Sections['maps']): Options {
    const { cable, cgroup, binary } = this;
    const netns = cable.right.path;
    const choices: readonly [pattern: RegExp, options: Options][] = [
      [/^u(ret)?probe_(multi|session)/, { binary, functions: ['target'] }],
      [/^u(ret)?probe/, { binary, function: 'target' }],
      [/^usdt/, { binary, provider: 'shop', name: 'sold' }],
      [/^perf_event/, { event: 'task-clock', period: 1_000_000_000, pid: process.pid }],
      [/^iter_cgroup/, { cgroup: cgroup.path, order: 'self' }],
      [/^iter_bpf_map_elem/, { map: maps?.numbers ?? { fd: 0 } }],
      [/^iter_bpf_sk_storage_map/, { map: maps?.notes ?? { fd: 0 } }],
      [/^iter_sockmap/, { map: maps?.sockets ?? { fd: 0 } }],
      [/^(xdp|tcx_|tc_)/, cable.end],
      [/^(tc|classifier)$/, { ...cable.end, direction: 'ingress' }],
      [/^netkit/, { interface: 'kit', netns }],
      [/^netfilter/, { family: 'ipv4', hook: 'input', priority: 5, netns }],
      [/^(sk_lookup|flow_dissector)/, { netns }],
      [/^(cgroup|sockops|lsm_cgroup)/, { cgroup: cgroup.path }],
      [/^(sk_skb|sk_msg)/, { map: maps?.sockets ?? { fd: 0 } }],
      [/^socket/, { socket: this.#socket }],
    ];
    return choices.find(([pattern]) => pattern.test(name))?.[1];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    this.cable[Symbol.dispose]();
    await this.cgroup[Symbol.asyncDispose]();
  }
}

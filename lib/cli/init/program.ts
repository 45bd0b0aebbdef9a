/** The BPF program of a new project. */
import type { ProjectKind } from './kinds.js';

/** The text of `hello.bpf.c`. */
export function programText(kind: ProjectKind): string {
  return [
    ...(isIterator(kind) ? iterator(kind) : program(kind)),
    'char LICENSE[] SEC("license") = "GPL";\n',
  ].join('\n\n');
}

/** Whether the program is read, rather than called when something happens. */
export function isIterator({ section }: ProjectKind): boolean {
  return section.startsWith('iter/');
}

function program(kind: ProjectKind): string[] {
  const { includes = [], members, section, head, filter } = kind;
  return [
    included(['"vmlinux.h"', ...includes, '<libbpf-ts.bpf.h>']),
    `// What JavaScript gets: hello.bpf.ts has the same type.\nstruct event {\n${indented(members)}\n};`,
    ...declarations(filter),
    `SEC("${section}")\n${head} {\n${indented(body(kind))}\n}`,
  ];
}

/** It runs for each task, and once more without one (task_seq_stop() in kernel/bpf/task_iter.c). */
function iterator({ includes = [], section, head, fill }: ProjectKind): string[] {
  const lines = ['struct task_struct* task = ctx->task;', 'if (!task) return 0;', ...fill, 'return 0;'];
  return [included(['"vmlinux.h"', ...includes]), `SEC("${section}")\n${head} {\n${indented(lines)}\n}`];
}

function included(headers: readonly string[]): string {
  return headers.map(each => `#include ${each}`).join('\n');
}

function declarations(filter: ProjectKind['filter']): string[] {
  const events =
    '// A ring buffer that counts what found no room.\nCOUNTED_RINGBUF(events, struct event, 256 * 1024);';
  const filters = '// Whose doings are seen: main.ts says it when it loads the program.\nFILTER_SELF();';
  return filter ? [events, filters] : [events];
}

function body({ fill, answer = '0', filter, members }: ProjectKind): string[] {
  return [
    ...(filter ? [`if (!filter_self()) return ${answer};`] : []),
    ...(members.some(member => member.includes('source')) ? packetLines(answer) : []),
    'struct event* event = ringbuf_reserve(events, sizeof(*event));',
    `if (!event) return ${answer};  // no room: it is counted`,
    ...fill,
    'ringbuf_submit(event, 0);',
    `return ${answer};`,
  ];
}

/** As far as the UDP header; other packets pass hidden. */
function packetLines(answer: string): string[] {
  return [
    'struct packet packet = packet_of(ctx);',
    '__u32 packet_length = packet.end - packet.at;',
    '__u16 type;',
    '__u8 protocol;',
    `if (!packet_ethernet(&packet, &type) || type != ETH_P_IP) return ${answer};`,
    `if (!packet_ipv4(&packet, &protocol) || protocol != IPPROTO_UDP) return ${answer};`,
    'struct udphdr* udp = packet_udp(&packet);',
    `if (!udp) return ${answer};`,
  ];
}

function indented(lines: readonly string[]): string {
  return lines.map(line => `  ${line}`).join('\n');
}

/** What `libbpf-ts init` can begin: a row for each kind of program, with all in which they differ. */

/** One row of the table. */
export interface ProjectKind {
  /** One line, for the question and for help. */
  readonly summary: string;
  /** Includes beyond vmlinux.h and libbpf-ts.bpf.h. */
  readonly includes?: readonly string[];
  /** The members of `struct event`, in C. */
  readonly members: readonly string[];
  /** The program: its section, its head, and what fills `event`; `answer` is what it returns. */
  readonly section: string;
  readonly head: string;
  readonly fill: readonly string[];
  readonly answer?: string;
  /** Which processes it sees at first; what is undefined sees packets. */
  readonly filter?: 'pid' | 'tree';
  /** Text of an event, in TypeScript. */
  readonly text: string;
  /** An event for the unit test, and its text. */
  readonly sample: string;
  readonly sampleText: string;
  /** Attaches, in TypeScript; by its section alone where undefined. */
  readonly attach?: string;
  /** The imports and the statements of main.ts that make something happen, each half second. */
  readonly imports?: readonly string[];
  readonly work: string;
}

const named = ['__u32 pid;', 'char comm[16];', 'char name[64];'];
const caller = [
  'event->pid = bpf_get_current_pid_tgid() >> 32;',
  'bpf_get_current_comm(event->comm, sizeof(event->comm));',
];
const readName = (from: string, where: 'user' | 'kernel') =>
  `bpf_probe_read_${where}_str(event->name, sizeof(event->name), ${from});`;
const opening = {
  members: named,
  filter: 'pid',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template of the project that is made
  text: '`${event.comm} (${event.pid}) opens ${event.name}`',
  sample: "{ pid: 7, comm: 'sh', name: 'passwd' }",
  sampleText: 'sh (7) opens passwd',
  imports: ["import { readFile } from 'node:fs/promises';"],
  work: "readFile('/etc/hostname')",
} as const;

const packet = {
  members: ['__u16 source;', '__u16 destination;', '__u32 length;'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template of the project that is made
  text: '`UDP from port ${event.source} to ${event.destination}, ${event.length} bytes`',
  sample: '{ source: 4000, destination: 53, length: 70 }',
  sampleText: 'UDP from port 4000 to 53, 70 bytes',
  imports: ["import { createSocket } from 'node:dgram';"],
  work: "const socket = createSocket('udp4');\n    socket.send('hello', 9, '127.0.0.1', () => socket.close())",
} as const;
const fillPacket = [
  'event->source = bpf_ntohs(udp->source);',
  'event->destination = bpf_ntohs(udp->dest);',
  'event->length = packet_length;',
];

/** In the order in which they are offered. */
export const projectKinds = {
  tracepoint: {
    ...opening,
    summary: 'a tracepoint: which files processes open',
    section: 'tp/syscalls/sys_enter_openat',
    head: 'int opened(struct trace_event_raw_sys_enter* ctx)',
    fill: [...caller, readName('(void*)ctx->args[1]', 'user')],
  },
  kprobe: {
    ...opening,
    summary: 'a function of the kernel, on any kernel: which files processes open',
    includes: ['<bpf/bpf_tracing.h>', '<bpf/bpf_core_read.h>'],
    section: 'kprobe/vfs_open',
    head: 'int BPF_KPROBE(opened, const struct path* path)',
    fill: [...caller, readName('BPF_CORE_READ(path, dentry, d_name.name)', 'kernel')],
  },
  fentry: {
    ...opening,
    summary: 'a function of the kernel, at a tenth of the cost of a kprobe: which files processes open',
    includes: ['<bpf/bpf_tracing.h>'],
    section: 'fentry/vfs_open',
    head: 'int BPF_PROG(opened, const struct path* path)',
    fill: [...caller, readName('path->dentry->d_name.name', 'kernel')],
  },
  lsm: {
    ...opening,
    summary: 'a security hook, which may refuse: which files processes open',
    includes: ['<bpf/bpf_tracing.h>'],
    section: 'lsm/file_open',
    head: 'int BPF_PROG(opened, struct file* file)',
    fill: [...caller, readName('file->f_path.dentry->d_name.name', 'kernel')],
  },
  uprobe: {
    ...opening,
    summary: 'a function of a program, here of your own Node: which files it opens',
    includes: ['<bpf/bpf_tracing.h>'],
    section: 'uprobe',
    head: 'int BPF_UPROBE(opened, void* loop, void* request, const char* path)',
    fill: [...caller, readName('path', 'user')],
    attach: "bpf.programs.opened.attach({ binary: process.execPath, function: 'uv_fs_open' })",
  },
  usdt: {
    ...opening,
    summary: 'a probe that a program has for this, here of Python: which modules it imports',
    includes: ['<bpf/usdt.bpf.h>'],
    section: 'usdt',
    head: 'int BPF_USDT(imported, const char* module)',
    fill: [...caller, readName('module', 'user')],
    filter: 'tree',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template of the project that is made
    text: '`${event.comm} (${event.pid}) imports ${event.name}`',
    sample: "{ pid: 7, comm: 'python3', name: 'json' }",
    sampleText: 'python3 (7) imports json',
    attach:
      "bpf.programs.imported.attach({ binary: '/usr/bin/python3', provider: 'python', name: 'import__find__load__start' })",
    imports: ["import { execFile } from 'node:child_process';"],
    work: "execFile('/usr/bin/python3', ['-c', 'import json'])",
  },
  perf_event: {
    summary: 'a sample of what runs, a hundred times a second',
    members: ['__u32 pid;', '__u32 cpu;', 'char comm[16];'],
    section: 'perf_event',
    head: 'int sampled(struct bpf_perf_event_data* ctx)',
    fill: [...caller, 'event->cpu = bpf_get_smp_processor_id();'],
    filter: 'pid',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template of the project that is made
    text: '`${event.comm} (${event.pid}) runs on CPU ${event.cpu}`',
    sample: "{ pid: 7, cpu: 1, comm: 'sh' }",
    sampleText: 'sh (7) runs on CPU 1',
    attach: "bpf.programs.sampled.attach({ event: 'cpu-clock', frequency: 100 })",
    imports: ["import { pbkdf2 } from 'node:crypto';"],
    work: "pbkdf2('work', 'for the CPU', 100_000, 32, 'sha256', () => {})",
  },
  xdp: {
    ...packet,
    summary: 'packets as they arrive, before the kernel looks at them',
    section: 'xdp',
    head: 'int arrived(struct xdp_md* ctx)',
    fill: fillPacket,
    answer: 'XDP_PASS',
    attach: "bpf.programs.arrived.attach({ interface: process.argv[2] ?? 'lo' })",
  },
  tc: {
    ...packet,
    summary: 'packets in the queue of an interface, coming or going',
    section: 'tc',
    head: 'int queued(struct __sk_buff* ctx)',
    fill: fillPacket,
    answer: 'TC_ACT_OK',
    attach: "bpf.programs.queued.attach({ interface: process.argv[2] ?? 'lo', direction: 'ingress' })",
  },
  cgroup: {
    summary: 'connections that the processes of a cgroup make, and may be denied',
    members: ['__u32 address;', '__u16 port;'],
    section: 'cgroup/connect4',
    head: 'int connected(struct bpf_sock_addr* ctx)',
    fill: ['event->address = bpf_ntohl(ctx->user_ip4);', 'event->port = bpf_ntohs(ctx->user_port);'],
    answer: '1',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template of the project that is made
    text: "`to ${[24, 16, 8, 0].map(bits => (event.address >>> bits) & 255).join('.')}, port ${event.port}`",
    sample: '{ address: 0x7f00_0001, port: 53 }',
    sampleText: 'to 127.0.0.1, port 53',
    attach: "bpf.programs.connected.attach({ cgroup: process.argv[2] ?? '/sys/fs/cgroup' })",
    imports: ["import { createSocket } from 'node:dgram';"],
    work: "const socket = createSocket('udp4');\n    socket.connect(9, '127.0.0.1', () => socket.close())",
  },
  iter: {
    summary: 'a list of what the kernel has, here of all tasks',
    section: 'iter/task',
    head: 'int tasks(struct bpf_iter__task* ctx)',
    members: [],
    fill: ['BPF_SEQ_PRINTF(ctx->meta->seq, "%d %d %s\\n", task->tgid, task->pid, task->comm);'],
    includes: ['<bpf/bpf_helpers.h>', '<bpf/bpf_tracing.h>'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template of the project that is made
    text: '`task ${event}`',
    sample: "'7 8 sh'",
    sampleText: 'task 7 8 sh',
    work: '',
  },
} as const satisfies Record<string, ProjectKind>;

/** The name of a kind of project. */
export type ProjectKindName = keyof typeof projectKinds;

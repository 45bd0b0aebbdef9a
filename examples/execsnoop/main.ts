/** execsnoop: programs that are executed, as a tool with the options of all tools; demo.ts is a program by itself. */
import { defineTool, type StandardColumn, stamped, type TaskFilters } from 'libbpf-ts/tool';
import { callOf } from './call.js';
import { type Event, execsnoop } from './execsnoop.bpf.js';
import { commandLine } from './table.js';

export default defineTool({
  name: 'execsnoop',
  summary: 'programs that are executed, with arguments, result and time',
  about: [
    'A row for each execve and execveat when it has ended. COMM is the new name of the process; of a call that failed, the',
    'old one.',
  ],
  prints: 'events',
  options: {
    failures: { type: 'boolean', short: 'x', help: 'only calls that failed' },
  },
  examples: ['execsnoop', 'execsnoop -x -u 1000', 'execsnoop --json -- make'],
  async run(session) {
    const rodata = { ...constantsOf(session.filters), failures_only: session.options.failures ?? false };
    await using bpf = await execsnoop.load({ rodata });
    await session.follow(tracing(bpf), counted(bpf), { columns, row: rowOf });
  },
});

const columns = [
  ...(['time', 'pid', 'ppid', 'error', 'comm'] as const satisfies StandardColumn[]),
  {
    name: 'args',
    width: 0,
    text: (row: ReturnType<typeof rowOf>) => commandLine({ ...row, args_count: row.argsCount }),
  },
] as const;

type Execsnoop = Awaited<ReturnType<typeof execsnoop.load>>;

/** The session knows the processes of a command by the names that `FILTER_TASKS()` gives them. */
function tracing(bpf: Execsnoop) {
  const bss = {
    get filter_untracked() {
      return bpf.globals.bss.untracked;
    },
  };
  return {
    attach: () => bpf.attach(),
    programs: bpf.programs,
    maps: { filter_processes: bpf.maps.tree },
    globals: { bss },
  };
}

/** The program counts by itself what found no room. */
function counted({ maps, globals }: Execsnoop) {
  return {
    events: (options: { readonly signal: AbortSignal }) => maps.events.events(options),
    drain: () => maps.events.drain(),
    stats: () => ({ dropped: Number(globals.bss.dropped) }),
  };
}

/** Of all users, none has the number -1: setreuid(2). */
const anyUser = 0xffff_ffff;

function constantsOf(filters: TaskFilters) {
  return {
    target_pid: filters.filter_pid,
    target_tid: filters.filter_tid,
    filter_uid: filters.filter_uid !== anyUser,
    target_uid: filters.filter_uid,
    target_cgroup: filters.filter_cgroup,
    tree_root: filters.filter_tree,
    name: filters.filter_comm,
    name_whole: filters.filter_comm_size > Buffer.byteLength(filters.filter_comm),
  };
}

function rowOf(event: Event) {
  const { pid, ppid, uid, comm, error, path, args, args_count, ...call } = callOf(event);
  return {
    ...stamped(event.time),
    duration: Number(event.duration),
    ...{ pid, ppid, uid, comm, error, path, args },
    argsCount: args_count,
    truncated: call.truncated,
    unreadable: call.unreadable,
    interpreted: call.interpreted,
  };
}

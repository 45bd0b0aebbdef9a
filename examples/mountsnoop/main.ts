/** mountsnoop: system calls that change what is mounted. */
import { absolutePath, defineTool, errnoName, stamped } from 'libbpf-ts/tool';
import { callNames, commandNames, flagsOf } from './calls.js';
import { type Event, mountsnoop } from './mountsnoop.bpf.js';

export default defineTool({
  name: 'mountsnoop',
  summary: 'system calls that change what is mounted, by whom, with what result',
  about: [
    'A row for each mount, umount, pivot_root, and each call of the newer interface: fsopen, fspick, fsconfig, fsmount,',
    'move_mount, open_tree and mount_setattr, when it has ended. Paths are absolute, in the mount namespace of the process.',
  ],
  prints: 'events',
  options: {
    failures: { type: 'boolean', short: 'x', help: 'only calls that failed' },
  },
  examples: ['mountsnoop', 'mountsnoop -x', 'mountsnoop --json -- systemctl start web'],
  async run(session) {
    const rodata = { ...session.filters, failures_only: session.options.failures ?? false };
    await using bpf = await mountsnoop.load({ rodata });
    await session.follow(bpf, bpf.maps.events, {
      // It came with Linux 5.12.
      attach: { optional: ['enter_mount_setattr', 'leave_mount_setattr'] },
      columns: [
        'time',
        'pid',
        'comm',
        { name: 'call', width: 13 },
        'error',
        { name: 'path', title: 'WHAT', width: 0, text },
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.calls.keys()].length,
    });
  },
});

function rowOf({ time, duration, pid, tid, uid, comm, call, result, fd, truncated, ...event }: Event) {
  const error = errnoName(result);
  const name = callNames[call] ?? `call ${call}`;
  const isConfig = name === 'fsconfig';
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm },
    namespace: event.namespace,
    call: name,
    error,
    result: error === undefined && result > 0 ? result : undefined,
    fd: fd >= 0 ? fd : undefined,
    path: event.has_path ? absolutePath(event.path, truncated) : undefined,
    source: event.source || undefined,
    type: event.type || undefined,
    flags: flagsOf(name, event.flags),
    options: event.options || undefined,
    command: isConfig ? (commandNames[event.command] ?? `command ${event.command}`) : undefined,
    value: event.value || undefined,
    truncated,
  };
}

/** As mount(8) says it: `tmpfs on /mnt type tmpfs (nosuid,size=1m)`. */
function text({ fd, source, path, type, flags, options, value, command, result }: ReturnType<typeof rowOf>) {
  const set = value === undefined ? options : `${options}=${value}`;
  const list = [...flags, ...(set === undefined ? [] : [set])].join(',');
  return [
    command,
    fd === undefined ? undefined : `fd ${fd}`,
    source,
    path === undefined ? undefined : source === undefined ? path : `on ${path}`,
    type === undefined ? undefined : `type ${type}`,
    list === '' ? undefined : `(${list})`,
    result === undefined ? undefined : `= fd ${result}`,
  ]
    .filter(part => part !== undefined)
    .join(' ');
}

/** gethostlatency: look-ups of hosts by the C library. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { type Event, gethostlatency } from './gethostlatency.bpf.js';
import { probedFile } from './mapped-file.js';

export default defineTool({
  name: 'gethostlatency',
  summary: 'look-ups of hosts by the C library, how long they took, with what result',
  about: [
    'A row for each getaddrinfo, gethostbyname and gethostbyname2 when it has ended. The library is that of the process that',
    '-p names, in a container too, or else the one of this machine.',
  ],
  prints: 'events',
  options: {
    library: { type: 'string', value: 'PATH', help: 'the C library to look at, as /usr/lib/libc.so.6' },
  },
  examples: [
    'gethostlatency',
    'gethostlatency -p 4711',
    'gethostlatency --json -- curl -s http://localhost/',
  ],
  async run(session) {
    const place = probedFile(
      session.options.library,
      session.filters.filter_pid,
      /^(libc[.-].*so|ld-musl-)/,
      'libc.so.6',
    );
    await using bpf = await gethostlatency.load({ rodata: session.filters });
    const on = (name: string) => ({ ...place, function: name });
    await session.follow(bpf, bpf.maps.events, {
      attach: {
        options: {
          enter_getaddrinfo: on('getaddrinfo'),
          leave_getaddrinfo: on('getaddrinfo'),
          enter_gethostbyname: on('gethostbyname'),
          leave_gethostbyname: on('gethostbyname'),
          enter_gethostbyname2: on('gethostbyname2'),
          leave_gethostbyname2: on('gethostbyname2'),
        },
      },
      columns: [
        'time',
        'pid',
        'comm',
        'duration',
        { name: 'error', width: 12, text: row => row.error ?? '-' },
        host,
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.calls.keys()].length,
    });
  },
});

const host = { name: 'host', width: 0 } as const;

/** enum call_kind in gethostlatency.bpf.c. */
const calls = ['getaddrinfo', 'gethostbyname', 'gethostbyname2'];

/** EAI_AGAIN and its like in <netdb.h> of glibc; musl has the same numbers. */
const errors = new Map([
  [-1, 'EAI_BADFLAGS'],
  [-2, 'EAI_NONAME'],
  [-3, 'EAI_AGAIN'],
  [-4, 'EAI_FAIL'],
  [-5, 'EAI_NODATA'],
  [-6, 'EAI_FAMILY'],
  [-7, 'EAI_SOCKTYPE'],
  [-8, 'EAI_SERVICE'],
  [-9, 'EAI_ADDRFAMILY'],
  [-10, 'EAI_MEMORY'],
  [-11, 'EAI_SYSTEM'],
  [-12, 'EAI_OVERFLOW'],
]);

function errorOf(call: string | undefined, result: number): string | undefined {
  if (result === 0) return undefined;
  return call === 'getaddrinfo' ? (errors.get(result) ?? `error ${result}`) : 'failed';
}

function rowOf({ time, duration, pid, tid, uid, comm, result, host: name, ...event }: Event) {
  const call = calls[event.call];
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm, call },
    error: errorOf(call, result),
    host: name,
  };
}

/** sslsniff: what programs read and write by OpenSSL, in clear. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { mappedFile, probedFile } from '../gethostlatency/mapped-file.js';
import { type Event, sslsniff } from './sslsniff.bpf.js';

export default defineTool({
  name: 'sslsniff',
  summary: 'what programs read and write by OpenSSL, in clear',
  about: [
    'A row for each SSL_read and SSL_write, and their _ex forms, that carried something. OpenSSL is that of the process that',
    '-p names: its libssl, or the one within its program, as in node; without, the libssl of this machine.',
    'It shows secrets: passwords, cookies, keys.',
  ],
  prints: 'events',
  options: {
    binary: {
      type: 'string',
      value: 'PATH',
      help: 'the library, or the program with OpenSSL within, to look at',
    },
    size: {
      type: 'string',
      short: 's',
      value: 'BYTES',
      help: 'keep so many of each; default 256, at most 16384',
    },
  },
  examples: [
    'sslsniff -p 4711',
    'sslsniff --binary /usr/bin/node -n node',
    'sslsniff -s 16384 -- curl -s https://localhost/',
  ],
  async run(session) {
    const place = openssl(session.options.binary, session.filters.filter_pid);
    const rodata = { ...session.filters, most: Math.min(session.number('size') ?? 256, 16_384) };
    await using bpf = await sslsniff.load({ rodata });
    const on = (name: string) => ({ ...place, function: name });
    await session.follow(bpf, bpf.maps.events, {
      attach: {
        // OpenSSL has them since 1.1.1; BoringSSL has them not.
        optional: ['enter_read_ex', 'leave_read_ex', 'enter_write_ex', 'leave_write_ex'],
        options: {
          enter_read: on('SSL_read'),
          leave_read: on('SSL_read'),
          enter_read_ex: on('SSL_read_ex'),
          leave_read_ex: on('SSL_read_ex'),
          enter_write: on('SSL_write'),
          leave_write: on('SSL_write'),
          enter_write_ex: on('SSL_write_ex'),
          leave_write_ex: on('SSL_write_ex'),
        },
      },
      columns: [
        ...(['time', 'pid', 'comm'] as const),
        { name: 'direction', title: 'DIR', width: 5 },
        { name: 'bytes', width: 7, right: true },
        { name: 'text', title: 'DATA', width: 0, text: ({ text, data }) => text ?? data },
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.calls.keys()].length,
    });
  },
});

/** A process without a libssl of its own has OpenSSL in its program, or not at all. */
function openssl(typed: string | undefined, pid: number) {
  const library = /^libssl[.-].*so/;
  if (typed !== undefined || pid === 0 || mappedFile(pid, library) !== undefined)
    return probedFile(typed, pid, library, 'libssl.so.3');
  return { binary: `/proc/${pid}/exe`, pid };
}

function rowOf({ time, duration, connection, pid, tid, uid, comm, bytes, is_write, data }: Event) {
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm },
    connection: `0x${connection.toString(16)}`,
    direction: is_write ? 'write' : 'read',
    bytes: Number(bytes),
    truncated: BigInt(data.length) < bytes,
    text: textIn(data),
    data: Buffer.from(data).toString('base64'),
  };
}

/** Undefined where it is no text; a character that the end cuts is left out. */
function textIn(data: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data, { stream: true });
  } catch {
    return undefined;
  }
}

/** bashreadline: lines that are typed into shells. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { bashreadline, type Event } from './bashreadline.bpf.js';

export default defineTool({
  name: 'bashreadline',
  summary: 'lines that are typed into interactive bash, by whom',
  about: [
    'A row for each line when it is entered. bash has readline in itself on most systems; where it has not, the one in',
    'libreadline.so.8 is looked at, of other programs too.',
  ],
  prints: 'events',
  options: {
    binary: { type: 'string', value: 'PATH', help: 'the shell, or the library with readline, to look at' },
  },
  examples: ['bashreadline', 'bashreadline -u 1000', 'bashreadline --binary /usr/local/bin/bash --json'],
  async run(session) {
    const { filter_pid } = session.filters;
    const of = filter_pid === 0 ? {} : { pid: filter_pid };
    const on = (binary: string) => ({ binary, function: 'readline', ...of });
    await using bpf = await bashreadline.load({ rodata: session.filters });
    await session.follow(bpf, bpf.maps.events, {
      attach:
        session.options.binary === undefined
          ? {
              options: { entered_in_shell: on('bash'), entered_in_library: on('libreadline.so.8') },
              alternatives: [['entered_in_shell', 'entered_in_library']],
            }
          : { options: { entered_in_shell: on(session.options.binary) } },
      columns: ['time', 'pid', 'uid', 'comm', { name: 'line', width: 0 }],
      row: rowOf,
    });
  },
});

function rowOf({ time, pid, uid, comm, line, truncated }: Event) {
  const text = Buffer.from(line.subarray(0, line.indexOf(0))).toString();
  return { ...stamped(time), pid, uid, comm, line: text, truncated };
}

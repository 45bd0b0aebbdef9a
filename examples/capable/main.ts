/** capable: capabilities that are asked for. */
import { defineTool, errnoName, stamped } from 'libbpf-ts/tool';
import { capable, type Event } from './capable.bpf.js';
import { capabilityNames } from './names.js';

export default defineTool({
  name: 'capable',
  summary: 'checks of capabilities: who needed which, and had it or not',
  about: [
    'A row for each check that the kernel makes. RESULT is yes, or the error. --unique tells what a process needs,',
    '--failures what it lacks.',
  ],
  prints: 'events',
  options: {
    failures: { type: 'boolean', short: 'x', help: 'only checks that were refused' },
    unique: { type: 'boolean', help: 'each capability once for each process and result' },
  },
  ways: { tracepoint: ['checked'], fexit: ['left'], kprobe: ['entered', 'returned'] },
  examples: ['capable -p 4711', 'capable --unique -- node server.js', 'capable -x --json'],
  async run(session) {
    const { failures = false, unique = false } = session.options;
    const rodata = { ...session.filters, failures_only: failures, unique };
    await using bpf = await session.load(() => capable.open({ rodata }));
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm', 'uid'] as const),
        { name: 'result', width: 6 },
        { name: 'capability', width: 0 },
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
    });
  },
});

function rowOf({ time, pid, tid, uid, comm, result, capability, audited }: Event) {
  return {
    ...stamped(time),
    ...{ pid, tid, uid, comm },
    result: errnoName(result) ?? 'yes',
    capability: capabilityNames[capability] ?? `${capability}`,
    audited: audited < 0 ? undefined : audited === 1,
  };
}

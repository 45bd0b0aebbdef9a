/** memleak: memory that a process allocates and does not free, by stack. */
import { defineTool } from 'libbpf-ts/tool';

const ofOneProcess = 'probes are put into the files that one process has mapped: give --pid';

export default defineTool({
  name: 'memleak',
  summary: 'memory that a process allocates and does not free, by stack',
  about: [
    'Counts what malloc() and its like give from now on, and what free() takes. Prints what is left, each interval or at',
    'the end: what grows from one to the next may be a leak. Each call costs the process about 10 us.',
  ],
  prints: 'growing-stacks',
  refuses: {
    tid: ofOneProcess,
    uid: ofOneProcess,
    comm: ofOneProcess,
    cgroup: ofOneProcess,
    container: ofOneProcess,
    pod: ofOneProcess,
    command: ofOneProcess,
  },
  needs: ['pid'],
  examples: ['memleak -p 4711 -d 60', 'memleak -p 4711 -i 10 --top 5'],
  run: session => session.profile({ mode: 'allocations' }),
});

/** offcputime: how long threads are off their CPUs and why, by stack. */
import { defineTool } from 'libbpf-ts/tool';

export default defineTool({
  name: 'offcputime',
  summary: 'how long threads wait and for what, by stack',
  about: [
    'Each time that a thread leaves its CPU counts until it is back: blocked, by what it waited for, and then runnable,',
    'until it got a CPU. Prints the heaviest stacks at the end, or all of them in a form for other programs.',
  ],
  prints: 'stacks',
  options: {
    minimum: { type: 'string', short: 'm', value: 'MS', help: 'only waits of at least so many milliseconds' },
  },
  examples: ['offcputime -p 4711 -d 10', 'offcputime -m 10 --folded -- node app.js'],
  run(session) {
    return session.profile({ mode: 'off-cpu', minimum: session.number('minimum') });
  },
});

/** profile: what CPUs do, by stack. */
import { defineTool } from 'libbpf-ts/tool';

export default defineTool({
  name: 'profile',
  summary: 'where CPU time goes, by stack; --wall: all time, with what threads wait for',
  about: [
    'Asks each CPU so many times a second what it does, and prints the heaviest stacks at the end, or all of them in a form',
    'for other programs. JavaScript has names where Node runs with --perf-basic-prof.',
  ],
  prints: 'stacks',
  options: {
    frequency: {
      type: 'string',
      short: 'F',
      value: 'HZ',
      help: 'samples a second on each CPU; 99 by default',
    },
    wall: { type: 'boolean', short: 'w', help: 'waits too, in nanoseconds: each thread has all of its time' },
  },
  examples: [
    'profile -p 4711 -d 10',
    'profile --svg -- node app.js > profile.svg',
    'profile -w -p 4711 -d 10',
  ],
  run(session) {
    const mode = session.options.wall ? 'wall' : 'cpu';
    return session.profile({ mode, frequency: session.number('frequency') });
  },
});

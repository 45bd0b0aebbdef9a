/** The collector `processes`. */
import { type CollectorRow, everywhere, sumsOf } from '../metric.js';
import { signalName } from '../names.js';

/** Numbers of the metrics in processes.bpf.c, and of the ways to end. */
const metric = { started: 1, threadsStarted: 2, executed: 3, ended: 4, signals: 5 } as const;
const ways = ['success', 'failure', 'signal'];

/** `TRACE_SIGNAL_DELIVERED` and those behind it in include/trace/events/signal.h. */
const results = ['delivered', 'ignored', 'already_pending', 'overflow_fail', 'lose_info'];

export const processes: CollectorRow = {
  name: 'processes',
  about: 'processes and threads that start and end, programs that are executed, signals',
  metrics: [
    {
      name: 'kernel.process.starts',
      kind: 'counter',
      unit: '{process}',
      help: 'Processes that were started; of a process, those that it started.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...sumsOf('processes', metric.started),
    },
    {
      name: 'kernel.process.ends',
      kind: 'counter',
      unit: '{process}',
      help: 'Processes that ended, with success, with a failure, or by a signal; of a process, its children.',
      labels: ['kernel.process.end'],
      coverage: everywhere,
      always: ways.map(way => [way]),
      ...sumsOf('processes', metric.ended, label => [ways[label] ?? `${label}`]),
    },
    {
      name: 'kernel.process.execs',
      kind: 'counter',
      unit: '{program}',
      help: 'Programs that took the place of another in a process, by execve(2).',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...sumsOf('processes', metric.executed),
    },
    {
      name: 'kernel.thread.starts',
      kind: 'counter',
      unit: '{thread}',
      help: 'Threads that were started beside the first of a process.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...sumsOf('processes', metric.threadsStarted),
    },
    {
      name: 'kernel.signals',
      kind: 'counter',
      unit: '{signal}',
      help: 'Signals that were sent to it, and what became of them.',
      labels: ['signal', 'kernel.signal.result'],
      coverage: everywhere,
      ...sumsOf('processes', metric.signals, label => [
        signalName(label & 0xffff),
        results[label >>> 16] ?? `${label >>> 16}`,
      ]),
    },
  ],
};

/** softirqs: how long soft interrupts are worked on. */
import { defineTool } from 'libbpf-ts/tool';
import { irqConstants, irqOptions, noProcess, reportIrqs } from './irq-report.js';
import { softirqNames } from './names.js';
import { softirqs } from './softirqs.bpf.js';

export default defineTool({
  name: 'softirqs',
  summary: 'how often and how long soft interrupts are worked on, by what they are for',
  about: [
    'Work that was left by interrupts, of timers, the network, disks, the scheduler, RCU: the longest first.',
  ],
  prints: 'intervals',
  options: irqOptions,
  refuses: noProcess,
  examples: ['softirqs -d 10', 'softirqs -i 1 -c 5', 'softirqs -H'],
  async run(session) {
    await using bpf = await softirqs.load({ rodata: irqConstants(session.options) });
    await reportIrqs(session, bpf, vector => softirqNames[vector] ?? `vector ${vector}`);
  },
});

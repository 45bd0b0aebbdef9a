/** hardirqs: how long handlers of interrupts run. */
import { defineTool } from 'libbpf-ts/tool';
import { irqConstants, irqOptions, noProcess, reportIrqs } from '../softirqs/irq-report.js';
import { hardirqs } from './hardirqs.bpf.js';

export default defineTool({
  name: 'hardirqs',
  summary: 'how often and how long handlers of interrupts run',
  about: [
    'By the name of a handler, the longest first. Interrupts that CPUs send each other and those of their own timers are',
    'none of these.',
  ],
  prints: 'intervals',
  options: irqOptions,
  refuses: noProcess,
  examples: ['hardirqs -d 10', 'hardirqs -i 1 -c 5', 'hardirqs -H'],
  async run(session) {
    await using bpf = await hardirqs.load({ rodata: irqConstants(session.options) });
    await reportIrqs(session, bpf, ({ irq, name }) => name || `irq ${irq}`);
  },
});

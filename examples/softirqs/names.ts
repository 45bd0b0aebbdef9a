/** softirq_to_name[] in kernel/softirq.c; /proc/softirqs has them too. */
export const softirqNames = [
  ...['HI', 'TIMER', 'NET_TX', 'NET_RX', 'BLOCK', 'IRQ_POLL', 'TASKLET', 'SCHED', 'HRTIMER', 'RCU'],
];

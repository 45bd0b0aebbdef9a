/** sched_ext: the machine is scheduled by a program of ours. Virtual machines only. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scheduler } from '../../bpf/scheduler.bpf.js';
import { fdInfo } from '../../support/descriptors.js';
import { need } from '../../support/need.js';

const state = (name: string) => readFileSync(`/sys/kernel/sched_ext/${name}`, 'utf8').trim();

describe('a scheduler', () => {
  it('takes over, under its name, until it is detached', async context => {
    need(context, 'sched_ext');
    await using bpf = await scheduler.load();
    const link = await bpf.maps.scheduler.attach();
    expect(link.via).toBe('link');
    expect([state('state'), state('root/ops')]).toEqual(['enabled', 'libbpf_ts']);
    expect(bpf.globals.bss.started).toBe(1n);
    await using other = await scheduler.load();
    await expect(other.maps.scheduler.attach()).rejects.toThrow(
      `EBUSY, struct_ops scheduler (map ${fdInfo(bpf.maps.scheduler.fd, 'map_id')}) sits there`,
    );
    await link.detach();
    await expect.poll(() => state('state')).toBe('disabled');
  });
});

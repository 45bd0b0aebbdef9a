/** A program that takes the place of another's function. */
import { describe, expect, it } from 'vitest';
import { replaced } from '../../bpf/replaced.bpf.js';
import { replacement } from '../../bpf/replacement.bpf.js';
import { fdInfo } from '../../support/descriptors.js';
import { features } from '../../support/features.js';
import { callGetppid } from '../../support/getppid.js';
import { thisKernel } from '../../support/kernel.js';
import { linkContracts } from '../../support/link-contract.js';
import { need, obstacle } from '../../support/need.js';

describe('freplace', () => {
  const linkContract = linkContracts();

  it('answers instead, and its link keeps the contract', async context => {
    need(context, 'freplace');
    await using target = await replaced.load({ rodata: { target_pid: process.pid } });
    await target.attach();
    const answer = () => {
      callGetppid(1);
      return target.globals.bss.answer;
    };
    expect(answer()).toBe(1n);
    const opened = await replacement.open();
    opened.programs.better.setAttachTarget('answering', target.programs.asking);
    await using bpf = await opened.load();
    const link = await bpf.programs.better.attach();
    const again = await replacement.open();
    again.programs.better.setAttachTarget('answering', target.programs.asking);
    await using second = await again.load();
    const programId = fdInfo(bpf.programs.better.fd, 'prog_id');
    await expect(second.programs.better.attach()).rejects.toThrow(
      obstacle(features['freplace.info'], thisKernel()) === undefined
        ? `: EBUSY, program better (id ${programId}) sits there (detach it)`
        : ': EBUSY, another program has taken the place of that function already (',
    );
    await linkContract({ link, type: 'tracing', programId, works: () => answer() === 42n });
    expect(answer()).toBe(1n);
  });

  it('refuses a function that is not there', async context => {
    need(context, 'freplace');
    await using target = await replaced.load({ rodata: { target_pid: process.pid } });
    const opened = await replacement.open();
    expect(() => opened.programs.better.setAttachTarget('asked', target.programs.asking)).toThrow(
      /set the target of program better to asked/,
    );
    await opened.close();
  });
});

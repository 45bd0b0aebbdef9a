/** What may wait, done on this thread: the same, and over when the call is. */
import { existsSync } from 'node:fs';
import { openLinkSync } from 'libbpf-ts';
import {
  doctor,
  doctorSync,
  probeHelper,
  probeHelperSync,
  probeKfunc,
  probeKfuncSync,
} from 'libbpf-ts/features';
import { expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { untilGone } from '../support/child.js';
import { watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

it('a link is pinned, unpinned and detached', async context => {
  need(context, 'ringbuf');
  using files = new BpfFileSystem();
  const path = `${files.path}/link`;
  await using bpf = await probe.load(watchGetppid);
  const link = bpf.programs.entered.attachSync();
  const { id } = link.info;
  link.pinSync(path);
  expect([existsSync(path), link.pinPath]).toEqual([true, path]);
  link.unpinSync();
  expect([existsSync(path), link.pinPath]).toEqual([false, undefined]);
  link.pinSync(path);
  openLinkSync(path).detachSync();
  {
    // Until it is closed it keeps the link.
    using again = openLinkSync({ id });
    expect([existsSync(path), again.info.id]).toEqual([false, id]);
  }
  link.detachSync();
  await untilGone('link', id);
  expect(() => openLinkSync({ id })).toThrow(/ENOENT/);
  expect(() => link.unpinSync()).toThrow(/ERR_BPF_CLOSED/);
});

it('the kernel is asked', async () => {
  expect(probeHelperSync('xdp', 'redirect_map')).toEqual(await probeHelper('xdp', 'redirect_map'));
  expect(await probeKfunc('bpf_no_such_kfunc')).toEqual(probeKfuncSync('bpf_no_such_kfunc'));
  expect(doctorSync()).toEqual(await doctor());
});

/** What is kept with a task, the cgroups that it is in, and filters: each side finds what the other put there. */
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { owned } from '../bpf/owned.bpf.js';
import { Cgroup, cgroupRoot } from '../support/cgroup.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

const addon: { pidfdOpen(pid: number): number } = createRequire(import.meta.url)('node-gyp-build')(
  new URL('../..', import.meta.url).pathname,
);
const code = (expected: string) => expect.objectContaining({ code: expected });

it('is kept with a task, asked of a cgroup, or known to a filter, for a program and here alike', async context => {
  for (const feature of ['tp_btf', 'map.task_storage', 'map.cgroup_array', 'map.bloom_filter'] as const)
    need(context, feature);
  using cgroup = new Cgroup();
  await using bpf = await owned.load(watchGetppid);
  const { calls, groups, numbers } = bpf.maps;
  const { bss, data } = bpf.globals;
  await bpf.programs.entered.attach();
  groups.set(0, cgroup.path);
  numbers.add(7n);
  callGetppid(3);
  expect([calls.get(process.pid), calls.has(process.ppid)]).toEqual([3n, false]);
  expect({ ...bss }).toEqual({ inside: false, seen: true });
  calls.set(process.pid, 40n);
  const root = openSync(cgroupRoot(), 'r');
  groups.set(0, { fd: root });
  closeSync(root);
  data.asked = 8n;
  callGetppid(2);
  expect([calls.get(process.pid), { ...bss }]).toEqual([42n, { inside: true, seen: false }]);
  const self = { fd: addon.pidfdOpen(process.pid) };
  expect([calls.get(self), calls.delete(self), calls.get(process.pid)]).toEqual([42n, true, undefined]);
  closeSync(self.fd);
  expect(() => calls.get(self)).toThrow(code('EBADF'));
});

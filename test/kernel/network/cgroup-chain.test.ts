/** Programs of one cgroup that undo each other's work: who comes last has its way, as sockets and packets tell. */
import { queryHook } from 'libbpf-ts/inspect';
import { expect, it } from 'vitest';
import { group } from '../../bpf/group.bpf.js';
import { Cgroup } from '../../support/cgroup.js';
import { Interpreter } from '../../support/interpreter.js';
import { need } from '../../support/need.js';
import { Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';
import { congestion, exchange } from '../../support/socket-calls.js';

it('programs of a cgroup come before or after others, for packets and for sockets', async context => {
  need(context, 'cgroup.order');
  using namespace = new Namespace();
  await using owned = new Cgroup();
  await using python = new Interpreter(owned, namespace);
  await using bpf = await loadOnly(group, ['use_reno', 'use_cubic', 'mark', 'guard']);
  const { use_reno, use_cubic, mark, guard } = bpf.programs;
  const cgroup = owned.path;

  const reno = await use_reno.attach({ cgroup });
  const { revision = 0n } = await queryHook('sockops', { cgroup });
  const first = { cgroup, before: { link: reno }, expectedRevision: revision };
  const cubic = await use_cubic.attach(first);
  expect(await python.run(congestion())).toBe('reno');
  await cubic.detach();
  await expect(use_cubic.attach(first)).rejects.toThrow(/: ESTALE, the hook has changed since the expected/);
  await use_cubic.attach({ cgroup, after: { link: { id: reno.info.id } } });
  expect(await python.run(congestion())).toBe('other');

  const guarding = await guard.attach({ cgroup });
  const marking = await mark.attach({ cgroup, after: 'all' });
  expect(await python.run(exchange(7001))).toBe('answered');
  await marking.detach();
  await mark.attach({ cgroup, before: { link: guarding } });
  expect(await python.run(exchange(7001))).toBe('timed out');
});

/** What a cgroup keeps for its programs: counted by them, read and written here. */
import { statSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { groupStorage } from '../../bpf/group_storage.bpf.js';
import { Cgroup } from '../../support/cgroup.js';
import { dumped, longs, words } from '../../support/map-oracle.js';
import { need } from '../../support/need.js';

beforeEach(context => {
  for (const feature of ['cgroup', 'map.cgroup_storage', 'map.percpu_cgroup_storage'] as const)
    need(context, feature);
});

const device = 6; // BPF_CGROUP_DEVICE
const sum = (values: readonly number[] = []) => values.reduce((total, value) => total + value, 0);

it('has an entry for each cgroup that a program is attached to, typed, for all CPUs or each', async () => {
  await using cgroup = new Cgroup();
  await using bpf = await groupStorage.load();
  const { opens, opens_by_cpu } = bpf.maps;
  const id = statSync(cgroup.path, { bigint: true }).ino;
  const key = { cgroup_inode_id: id, attach_type: device };
  expect([...opens.keys(), ...opens_by_cpu.keys()]).toEqual([]);
  await bpf.programs.count.attach({ cgroup: cgroup.path });
  expect([...opens]).toEqual([[key, 0n]]);
  expect((await opens_by_cpu.snapshot()).map(([cgroup]) => cgroup)).toEqual([id]);
  const open = (times: number) =>
    cgroup.run(undefined, 'sh', '-c', `for i in $(seq ${times}); do : < /dev/full; done`);
  await open(3);
  expect([opens.get(key), sum(opens_by_cpu.get(id))]).toEqual([3n, 3]);
  const each = Array.from(opens_by_cpu.get(id) ?? [], () => 7);
  opens.set(key, 100n);
  opens_by_cpu.set(id, each);
  await open(1);
  expect([opens.get(key), sum(opens_by_cpu.get(id))]).toEqual([101n, sum(each) + 1]);
  expect(dumped(opens.info.id)).toEqual([[Buffer.concat([longs(id), words(device, 0)]), longs(101n)]]);
  const other = { ...key, cgroup_inode_id: 1n };
  expect(opens.get(other)).toBeUndefined();
  expect(() => opens.set(other, 1n)).toThrow(/^update map opens: ENOENT, .*attach a program that uses it/);
  expect(() => opens.set(key, 1n, 'noexist')).toThrow(/^update map opens: EINVAL, /);
  expect(opens.get(key)).toBe(101n);
});

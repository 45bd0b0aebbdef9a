/** What the kernel has, asked from a user namespace that a BPF file system at /mnt delegates everything to. */
import { type Feature, features } from 'libbpf-ts/features';
import { expect, it } from 'vitest';
import { runScript } from '../support/child.js';
import { delegation } from '../support/delegation.js';

it('features are found by a token as root finds them, but for what takes a target', async () => {
  const { stdout, stderr } = await runScript(
    `
      import { features } from 'libbpf-ts/features';
      const before = await features();
      const after = await features({ token: '/mnt' });
      await features({ token: '/proc' }).catch(error => console.error(error.message));
      console.log(JSON.stringify([before.programTypes.xdp.answer, after]));`,
    [],
    ['python3', '-c', delegation, '/mnt'],
  );
  expect(stderr).toMatch(/^have a BPF token from \/proc: EINVAL, .* \(a token comes from a BPF file system/);
  const [before, { kfuncs: _, kernel: __, ...found }] = JSON.parse(stdout);
  expect(before).toBe('unknown');
  const { kfuncs: ___, kernel: ____, ...wanted } = await features();
  const answers = (tables: Readonly<Record<string, Readonly<Record<string, Feature>>>>) =>
    Object.entries(tables).flatMap(([table, rows]) =>
      Object.entries(rows).map(([name, { answer }]) => [`${table}.${name}`, answer] as const),
    );
  const theirs = new Map(answers(found));
  const others = answers(wanted).filter(([name, answer]) => theirs.get(name) !== answer);
  expect(others.map(([name]) => theirs.get(name)).filter(answer => answer !== 'unknown')).toEqual([]);
  // What needs a type or function of the kernel's, and a flag that takes CAP_SYS_ADMIN.
  const untold = /^(programTypes|mapTypes)\.(struct_ops|tracing|ext|lsm)$|^sections\.|^mapFlags\.zero_seed$/;
  expect(others.map(([name]) => name).filter(name => !untold.test(name))).toEqual([]);
});

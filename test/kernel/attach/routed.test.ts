/** Programs that others attach, or run: routes, filters' actions, test runs. */
import type { LoadedObject } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { routed } from '../../bpf/routed.bpf.js';
import { BpfFileSystem } from '../../support/bpffs.js';
import { ended } from '../../support/child.js';
import { fdInfo } from '../../support/descriptors.js';
import { features } from '../../support/features.js';
import { thisKernel } from '../../support/kernel.js';
import { need, obstacle } from '../../support/need.js';
import { Cable } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

type Name = keyof LoadedObject<typeof routed.description>['programs'];

/** Loads a program and has bpftool pin it while `use` runs. */
async function pinned(
  name: Name,
  use: (path: string, bpf: LoadedObject<typeof routed.description>) => Promise<void>,
): Promise<void> {
  using files = new BpfFileSystem();
  await using bpf = await loadOnly(routed, [name]);
  const path = `${files.path}/program`;
  const { stderr } = await ended('bpftool', ['prog', 'pin', 'id', idOf(bpf, name), path]);
  expect(stderr).toBe('');
  await use(path, bpf);
}

const idOf = (bpf: LoadedObject<typeof routed.description>, name: Name) =>
  String(fdInfo(bpf.programs[name].fd, 'prog_id'));

describe('a route', () => {
  const kinds = [
    ['drop_out', 'out', 'left'],
    ['drop_xmit', 'xmit', 'left'],
    ['drop_in', 'in', 'right'],
  ] as const;

  it.for(kinds)('runs %s, which drops what takes it', async ([name, hook, end], context) => {
    need(context, 'lwt');
    await pinned(name, async (path, bpf) => {
      using cable = new Cable();
      const { left, right } = cable;
      left.ip('route add 10.79.0.0/24 via 10.77.0.2');
      right.ip('address add 10.79.0.2/32 dev lo');
      expect(await left.ping('10.79.0.2', 2)).toBe(2);
      // A packet that comes in takes the route to where it goes, here to this host itself.
      const route =
        end === 'left'
          ? `10.79.0.0/24 encap bpf ${hook} pinned ${path} via 10.77.0.2`
          : `local 10.79.0.2/32 encap bpf ${hook} pinned ${path} dev lo table local`;
      cable[end].ip(`route replace ${route}`);
      expect(await left.ping('10.79.0.2', 2, 0.2)).toBe(0);
      expect(bpf.globals.bss.dropped).toBeGreaterThan(0n);
    });
  });

  it('of segments has a program that loads', async context => {
    need(context, 'lwt');
    await using bpf = await loadOnly(routed, ['drop_segment']);
    const attach = bpf.programs.drop_segment.attach as () => Promise<unknown>;
    await expect(attach.call(bpf.programs.drop_segment)).rejects.toThrow(
      /^attach drop_segment: ERR_BPF_ARGUMENT, a route names it: pin the program/,
    );
  });
});

describe('an action of a filter', () => {
  it('drops what comes in', async context => {
    need(context, 'action');
    await pinned('drop_action', async (path, bpf) => {
      using cable = new Cable();
      const tc = (...args: string[]) => cable.right.run('tc', ...args);
      await tc('qdisc', 'add', 'dev', 'cable', 'clsact');
      const filter = 'filter add dev cable ingress protocol ip u32 match u32 0 0 action bpf object-pinned';
      expect((await tc(...filter.split(' '), path)).stderr).toBe('');
      expect(await cable.blocked(2)).toBe(0);
      expect(bpf.globals.bss.dropped).toBe(2n);
    });
  });
});

describe('a syscall program', () => {
  it('is refused with the version where the kernel is too old', async context => {
    const known = obstacle(features.syscall, thisKernel());
    if (known === undefined) return context.skip('this kernel has it');
    await expect(loadOnly(routed, ['add'])).rejects.toThrow(
      /^load routed: EINVAL, syscall needs Linux 5\.14, and this is /,
    );
  });

  it('loads, and is not attached but run', async context => {
    need(context, 'syscall');
    await using bpf = await loadOnly(routed, ['add']);
    const attach = bpf.programs.add.attach as () => Promise<unknown>;
    await expect(attach.call(bpf.programs.add)).rejects.toThrow(/it is not attached but run: testRun\(\)/);
  });
});

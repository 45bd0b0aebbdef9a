/** Several programs of one cgroup, with links and without: order, sharing, replacing, refusals. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { group } from '../../bpf/group.bpf.js';
import { Cgroup, cgroupRoot } from '../../support/cgroup.js';
import { features } from '../../support/features.js';
import { thisKernel } from '../../support/kernel.js';
import { need, obstacle } from '../../support/need.js';
import { Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

/** Bash is up in a tenth of the time that Python takes. */
const connect = (cgroup: Cgroup, namespace: Namespace) =>
  cgroup.run(namespace, 'bash', '-c', 'exec 3<>/dev/udp/127.0.0.1/7001');

describe('programs of one cgroup', () => {
  beforeEach(context => need(context, 'cgroup'));

  it('run in the order that is asked for', async context => {
    need(context, 'cgroup.order');
    using namespace = new Namespace();
    await using cgroup = new Cgroup();
    await using bpf = await loadOnly(group, ['first', 'second']);
    const { first, second } = bpf.programs;
    const later = await second.attach({ cgroup: cgroup.path });
    const link = await first.attach({ cgroup: cgroup.path, before: { link: later } });
    await connect(cgroup, namespace);
    expect(bpf.globals.bss.trail).toBe(12n);
    await link.detach();
    await first.attach({ cgroup: cgroup.path, after: 'all' });
    bpf.globals.bss.trail = 0n;
    await connect(cgroup, namespace);
    expect(bpf.globals.bss.trail).toBe(21n);
    const mixed = { cgroup: cgroup.path, before: { program: second } };
    await expect(first.attach(mixed)).rejects.toThrow(
      /EINVAL, the program to come before or after is held in another way \(a link goes before or after links/,
    );
  });

  it('run before those further down where they are to', async context => {
    need(context, 'cgroup.preorder');
    using namespace = new Namespace();
    await using above = new Cgroup();
    await using below = new Cgroup(above.path);
    await using bpf = await loadOnly(group, ['first', 'second']);
    const { first, second } = bpf.programs;
    await second.attach({ cgroup: below.path });
    const link = await first.attach({ cgroup: above.path });
    await connect(below, namespace);
    expect(bpf.globals.bss.trail).toBe(21n);
    await link.detach();
    await first.attach({ cgroup: above.path, preorder: true });
    bpf.globals.bss.trail = 0n;
    await connect(below, namespace);
    expect(bpf.globals.bss.trail).toBe(12n);
  });

  it('attach without a link, several or one instead of another', async () => {
    using namespace = new Namespace();
    await using cgroup = new Cgroup();
    await using bpf = await loadOnly(group, ['first', 'second']);
    const { first, second } = bpf.programs;
    const old = await first.attach({ cgroup: cgroup.path, via: 'prog_attach' });
    expect(old.via).toBe('prog_attach');
    expect(() => old.fd).toThrow(/the kernel keeps no link of it: it is attached by prog_attach/);
    await connect(cgroup, namespace);
    expect(bpf.globals.bss.trail).toBe(1n);
    const now = await second.attach({ cgroup: cgroup.path, replace: first });
    bpf.globals.bss.trail = 0n;
    await connect(cgroup, namespace);
    expect(bpf.globals.bss.trail).toBe(2n);
    await old.detach();
    await now.detach();
    await connect(cgroup, namespace);
    expect(bpf.globals.bss.trail).toBe(2n);
  });

  it('override one another where they share by that', async () => {
    using namespace = new Namespace();
    await using above = new Cgroup();
    await using below = new Cgroup(above.path);
    await using bpf = await loadOnly(group, ['first', 'second']);
    await bpf.programs.first.attach({ cgroup: above.path, sharing: 'override' });
    await bpf.programs.second.attach({ cgroup: below.path, sharing: 'override' });
    await connect(below, namespace);
    expect(bpf.globals.bss.trail).toBe(2n);
  });

  it('refuse others where they are alone, and are named', async () => {
    await using above = new Cgroup();
    await using below = new Cgroup(above.path);
    await using bpf = await loadOnly(group, ['first', 'second']);
    await bpf.programs.first.attach({ cgroup: above.path, sharing: 'none' });
    for (const cgroup of [above.path, below.path]) {
      await expect(bpf.programs.second.attach({ cgroup })).rejects.toThrow(
        /^attach second to cgroup .*: EPERM, program first \(id \d+\) sits there \(that one shares the cgroup in another way/,
      );
    }
  });

  it('without a link go before others without one', async context => {
    need(context, 'cgroup.order');
    using namespace = new Namespace();
    await using cgroup = new Cgroup();
    await using bpf = await loadOnly(group, ['first', 'second']);
    const { first, second } = bpf.programs;
    const place = { cgroup: cgroup.path, via: 'prog_attach' } as const;
    await second.attach(place);
    await first.attach({ ...place, before: { program: second } });
    await connect(cgroup, namespace);
    expect(bpf.globals.bss.trail).toBe(12n);
  });

  // Point releases of older kernels may know it too, as 6.12.117 does: then it must hold.
  it('are told how old the kernel is where it knows no order', async context => {
    const known = obstacle(features['cgroup.order'], thisKernel());
    if (known === undefined) return context.skip('this kernel knows an order');
    using namespace = new Namespace();
    await using cgroup = new Cgroup();
    await using bpf = await loadOnly(group, ['first', 'second']);
    await bpf.programs.second.attach({ cgroup: cgroup.path });
    const first = bpf.programs.first.attach({ cgroup: cgroup.path, before: 'all' });
    const refusal = await first.then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (refusal !== undefined)
      return expect(refusal).toMatch(
        /EINVAL, the order of programs in a cgroup needs Linux 6.17, and this is /,
      );
    await connect(cgroup, namespace);
    expect(bpf.globals.bss.trail).toBe(12n);
  });

  it('are gone with their cgroup', async () => {
    await using bpf = await loadOnly(group, ['first']);
    const cgroup = new Cgroup();
    const links = [
      await bpf.programs.first.attach({ cgroup: cgroup.path }),
      await bpf.programs.first.attach({ cgroup: cgroup.path, via: 'prog_attach' }),
    ];
    await cgroup[Symbol.asyncDispose]();
    for (const link of links) await link.detach();
  });
});

describe('what is no cgroup', () => {
  it('is refused with the place where cgroups are', async () => {
    await using bpf = await loadOnly(group, ['first']);
    const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
    try {
      await expect(bpf.programs.first.attach({ cgroup: folder })).rejects.toThrow(
        `${folder} is no cgroup v2 directory (give a cgroup v2 directory; that tree is mounted at ${cgroupRoot()}`,
      );
      await expect(bpf.programs.first.attach({ cgroup: `${cgroupRoot()}/no-such-cgroup` })).rejects.toThrow(
        `ENOENT, there is no ${cgroupRoot()}/no-such-cgroup (give a cgroup v2 directory; that tree is mounted at`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is no help where the section does not say the direction', async () => {
    await using bpf = await loadOnly(group, ['nowhere']);
    const attach = bpf.programs.nowhere.attach as (options: object) => Promise<unknown>;
    await expect(attach.call(bpf.programs.nowhere, { cgroup: cgroupRoot() })).rejects.toThrow(
      /^attach nowhere: ERR_BPF_ARGUMENT, its section does not say the direction: use cgroup_skb/,
    );
  });

  it('is asked for where it is missing', async () => {
    await using bpf = await loadOnly(group, ['first']);
    const attach = bpf.programs.first.attach as () => Promise<unknown>;
    await expect(attach.call(bpf.programs.first)).rejects.toThrow(
      'SEC("cgroup/connect4") does not say which cgroup, and neither does the option cgroup (give it: { cgroup: … })',
    );
  });
});

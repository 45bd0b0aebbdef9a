/** Hooks that tell who sits there, and links that are taken away by others. */
import { closeSync, openSync } from 'node:fs';
import { openLink } from 'libbpf-ts';
import { type HooksOptions, hooks, type OccupiedHook, queryHook } from 'libbpf-ts/inspect';
import { describe, expect, it } from 'vitest';
import { isOlderThan } from '../../../lib/host/kernel.js';
import { group } from '../../bpf/group.bpf.js';
import { packets } from '../../bpf/packets.bpf.js';
import { sockets } from '../../bpf/sockets.bpf.js';
import { Cgroup } from '../../support/cgroup.js';
import { bpftool } from '../../support/child.js';
import { fdInfo } from '../../support/descriptors.js';
import { need } from '../../support/need.js';
import { Cable, Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

async function occupied(options: HooksOptions): Promise<OccupiedHook[]> {
  const found: OccupiedHook[] = [];
  for await (const hook of hooks(options)) found.push(hook);
  return found;
}

/** What bpftool says of a cgroup's programs. */
function shownIn({ path }: Cgroup) {
  return bpftool('cgroup', 'show', path) as { id: number; attach_flags: string }[];
}

describe('a hook', () => {
  it('of an interface has one program of XDP, as ip says', async context => {
    need(context, 'xdp');
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop']);
    expect(await queryHook('xdp', cable.end)).toEqual({ programs: [] });
    await bpf.programs.drop.attach(cable.end);
    const { programs } = await queryHook('xdp', cable.end);
    const { stdout } = await cable.right.run('ip', '-j', 'link', 'show', 'cable');
    expect(programs).toEqual([{ programId: JSON.parse(stdout)[0].xdp.prog.id, name: 'drop' }]);
    const { interface: name, netns } = cable.end;
    expect(await occupied({ cgroup: false, netns })).toEqual([
      { section: 'xdp', place: { interface: name, netns }, programs },
    ]);
  });

  it('of tcx has programs in their order, their links, and a revision', async context => {
    need(context, 'tcx');
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['first', 'second', 'third']);
    const { first, second, third } = bpf.programs;
    const one = await first.attach(cable.end);
    await second.attach({ ...cable.end, before: 'all' });
    const { programs, revision } = await queryHook('tcx/ingress', cable.end);
    expect(programs.map(({ name }) => name)).toEqual(['second', 'first']);
    expect(programs[1]?.linkId).toBe(one.info.id);
    await third.attach({ ...cable.end, ...(revision !== undefined && { expectedRevision: revision }) });
    const after = await queryHook('tcx/ingress', cable.end);
    expect(after.revision).toBe((revision ?? 0n) + 1n);
  });

  it('of a cgroup has programs of its own and those above it', async context => {
    need(context, 'cgroup');
    await using above = new Cgroup();
    await using below = new Cgroup(above.path);
    await using bpf = await loadOnly(group, ['first', 'second']);
    await bpf.programs.first.attach({ cgroup: above.path });
    await bpf.programs.second.attach({ cgroup: below.path, via: 'prog_attach' });
    const own = await queryHook('cgroup/connect4', { cgroup: below.path });
    const programId = fdInfo(bpf.programs.second.fd, 'prog_id');
    expect(own.programs).toMatchObject([{ programId, name: 'second', sharing: 'multi' }]);
    // bpftool 7.1 shows no cgroup on Linux 5.10.
    const shown = isOlderThan('5.15') ? [{ id: programId, attach_flags: 'multi' }] : shownIn(below);
    expect(shown.find(({ id }) => id === programId)?.attach_flags).toBe(own.programs[0]?.sharing);
    const places = (await occupied({ cgroup: above.path })).filter(({ place }) => 'cgroup' in place);
    expect(places).toMatchObject([
      { section: 'cgroup/connect4', place: { cgroup: above.path }, programs: [{ name: 'first' }] },
      { section: 'cgroup/connect4', place: { cgroup: below.path }, programs: [{ programId }] },
    ]);
    const fd = openSync(below.path, 'r');
    expect(await queryHook('cgroup/connect4', { cgroup: { fd } })).toEqual(own);
    closeSync(fd);
    const all = await queryHook('cgroup/connect4', { cgroup: below.path, effective: true });
    expect(all.programs.map(({ name }) => name).sort()).toEqual(['first', 'second']);
  });

  it('of a cgroup with those above it has more than one cgroup can have', async context => {
    need(context, 'cgroup');
    await using above = new Cgroup();
    await using below = new Cgroup(above.path);
    await using bpf = await loadOnly(group, ['first', 'second']);
    const attach = async ({ path }: Cgroup, name: 'first' | 'second') => {
      for (let link = 0; link < 40; link++) await bpf.programs[name].attach({ cgroup: path, via: 'link' });
    };
    await attach(above, 'first');
    await attach(below, 'second');
    const { programs } = await queryHook('cgroup/connect4', { cgroup: below.path, effective: true });
    const count = (name: string) => programs.filter(program => program.name === name).length;
    expect([count('first'), count('second')]).toEqual([40, 40]);
    expect((await queryHook('cgroup/connect4', { cgroup: below.path })).programs).toHaveLength(40);
  });

  it('of a network namespace has what looks sockets up', async context => {
    need(context, 'sk_lookup');
    using namespace = new Namespace();
    await using bpf = await loadOnly(sockets, ['steer']);
    await bpf.programs.steer.attach({ netns: namespace.path });
    const { programs } = await queryHook('sk_lookup', { netns: namespace.path });
    expect(programs).toMatchObject([{ programId: fdInfo(bpf.programs.steer.fd, 'prog_id'), name: 'steer' }]);
    const fd = openSync(namespace.path, 'r');
    expect(await queryHook('sk_lookup', { netns: { fd } })).toEqual({ programs });
    closeSync(fd);
    expect(await occupied({ cgroup: false, netns: namespace.path })).toMatchObject([
      { section: 'sk_lookup', place: { netns: namespace.path }, programs },
    ]);
  });

  it('that the kernel keeps no list of is refused', async () => {
    const ask = queryHook as (section: string, place: object) => Promise<unknown>;
    await expect(ask('kprobe/x', {})).rejects.toThrow(/^query kprobe\/x: .*keeps no list of programs/);
    await expect(ask('xdp', { interfce: 'lo' })).rejects.toThrow(
      /^query xdp: .*no option interfce; there are interface, netns \(is interface meant\?\)/,
    );
    await expect(ask('cgroup/connect4', {})).rejects.toThrow(/does not say which cgroup/);
    await expect(ask('tcx/ingress', { interface: 'wire' })).rejects.toThrow(
      /there is no interface wire here/,
    );
  });
});

describe('a link of somebody else', () => {
  it('is taken out of its hook by its number', async context => {
    need(context, 'xdp');
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop']);
    const link = await bpf.programs.drop.attach(cable.end);
    const other = await openLink({ id: link.info.id });
    await other.detach();
    expect(await cable.ping()).toBe(3);
    expect(link.info).toMatchObject({ type: 'xdp', ifindex: 0 });
  });
});

describe('without a link', () => {
  it('a disconnected program stays in its cgroup after its object', async context => {
    need(context, 'cgroup');
    await using cgroup = new Cgroup();
    const bpf = await loadOnly(group, ['sysctl']);
    const link = await bpf.programs.sysctl.attach({ cgroup: cgroup.path, via: 'prog_attach' });
    link.disconnect();
    await bpf.close();
    const { stderr } = await cgroup.run(undefined, 'cat', '/proc/sys/kernel/ostype');
    expect(stderr).toContain('not permitted');
  });
});

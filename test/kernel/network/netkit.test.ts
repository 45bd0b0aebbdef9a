/** netkit devices: pings that are dropped as they leave either end, by programs of the end that manages both. */
import { queryHook } from 'libbpf-ts/inspect';
import { describe, expect, it } from 'vitest';
import { packets } from '../../bpf/packets.bpf.js';
import { fdInfo } from '../../support/descriptors.js';
import { Kit } from '../../support/kit.js';
import { linkContracts } from '../../support/link-contract.js';
import { need } from '../../support/need.js';
import { Cable } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

describe('netkit', () => {
  const linkContract = linkContracts();

  const ends = [
    ['drop_netkit', 'left'],
    ['drop_netkit_peer', 'right'],
  ] as const;

  it.for(ends)('%s drops pings as they leave', async ([name, sender], context) => {
    need(context, 'netkit');
    using kit = new Kit();
    await kit.left.reach('10.78.0.2');
    await using bpf = await loadOnly(packets, [name]);
    const link = await bpf.programs[name].attach(kit.place);
    const programId = fdInfo(bpf.programs[name].fd, 'prog_id');
    const { programs } = await queryHook(packets.description.programs[name], kit.place);
    expect(programs).toMatchObject([{ programId, linkId: link.info.id }]);
    // A sender is told of what its device drops, and ping tries again: there is no saying how often.
    const works = async () => {
      const before = bpf.globals.bss.dropped;
      const answered = await kit.ping(sender, 1, 0.2);
      return answered === 0 && bpf.globals.bss.dropped > before;
    };
    await linkContract({ link, type: 'netkit', number: 13, programId, works });
    expect(await kit.ping(sender, 2)).toBe(2);
  });

  it('runs programs in the order that is asked for, or one instead of another: who passes a packet is the last', async context => {
    need(context, 'netkit');
    using kit = new Kit();
    await kit.left.reach('10.78.0.2');
    await using bpf = await loadOnly(packets, ['drop_netkit', 'pass_netkit']);
    const { drop_netkit, pass_netkit } = bpf.programs;
    const blocked = async () => (await kit.ping('left', 1, 0.2)) === 0;
    const drop = await drop_netkit.attach(kit.place);
    expect(await blocked()).toBe(true);
    const { revision = 0n } = await queryHook('netkit/primary', kit.place);
    const first = { ...kit.place, before: { link: drop }, expectedRevision: revision };
    const pass = await pass_netkit.attach(first);
    expect(await kit.ping('left', 1)).toBe(1);
    await pass.detach();
    await expect(pass_netkit.attach(first)).rejects.toThrow(/ESTALE, the hook has changed since/);
    const last = await pass_netkit.attach({ ...kit.place, after: { program: drop_netkit } });
    expect(await blocked()).toBe(true);
    for (const link of [last, drop]) await link.detach();
    const old = await drop_netkit.attach({ ...kit.place, via: 'prog_attach' });
    expect(await blocked()).toBe(true);
    const now = await pass_netkit.attach({ ...kit.place, replace: drop_netkit });
    expect(await kit.ping('left', 1)).toBe(1);
    await old.detach();
    const { programs } = await queryHook('netkit/primary', kit.place);
    expect(programs).toMatchObject([{ programId: fdInfo(pass_netkit.fd, 'prog_id') }]);
    await now.detach();
  });

  it('needs a netkit device, and a kernel that has them', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_netkit']);
    await expect(bpf.programs.drop_netkit.attach({ ...cable.end })).rejects.toThrow(
      /it is no netkit device|netkit\/primary needs Linux 6.7|netkit\/primary needs a kernel with CONFIG_NETKIT, and this one was built without/,
    );
  });
});

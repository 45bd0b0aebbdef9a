/** tcx on a veth pair of our own: several programs leave a trail, in the order that was asked for. */
import { beforeEach, describe, expect, it } from 'vitest';
import { packets } from '../../bpf/packets.bpf.js';
import { BpfFileSystem } from '../../support/bpffs.js';
import { fdInfo } from '../../support/descriptors.js';
import { need } from '../../support/need.js';
import { Cable } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

const programs = ['first', 'second', 'third'] as const;

describe('tcx', () => {
  beforeEach(context => need(context, 'tcx'));

  it('drops what leaves', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_egress']);
    const link = await bpf.programs.drop_egress.attach({ ...cable.end });
    expect(link.via).toBe('link');
    expect(await cable.blocked()).toBe(0);
    expect(bpf.globals.bss.dropped).toBe(3n);
    await link.detach();
    expect(await cable.ping()).toBe(3);
  });

  it('runs programs in the order that is asked for', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, programs);
    const { first, second, third } = bpf.programs;
    const trail = async () => {
      bpf.globals.bss.trail = 0n;
      expect(await cable.ping(1)).toBe(1);
      return bpf.globals.bss.trail;
    };
    const two = await second.attach({ ...cable.end });
    const one = await first.attach({ ...cable.end, before: { program: second } });
    expect(await trail()).toBe(12n);
    using files = new BpfFileSystem();
    await one.pin(`${files.path}/one`);
    let three = await third.attach({ ...cable.end, after: { link: `${files.path}/one` } });
    await one.unpin();
    expect(await trail()).toBe(132n);
    await three.detach();
    three = await third.attach({ ...cable.end, before: 'all' });
    expect(await trail()).toBe(312n);
    await three.detach();
    three = await third.attach({ ...cable.end, after: { program: { id: fdInfo(second.fd, 'prog_id') } } });
    expect(await trail()).toBe(123n);
    await three.detach();
    await third.attach({ ...cable.end, before: { link: { id: fdInfo(two.fd, 'link_id') } } });
    expect(await trail()).toBe(132n);
  });

  it('takes the place of a program that no link holds', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, programs);
    const { first, second, third } = bpf.programs;
    using files = new BpfFileSystem();
    await first.pin(`${files.path}/first`);
    const instead = { ...cable.end, replace: `${files.path}/first` };
    await expect(second.attach(instead)).rejects.toThrow(/ENOENT, the program or link to come before/);
    const old = await first.attach({ ...cable.end, via: 'prog_attach' });
    const now = await second.attach(instead);
    expect([old.via, now.via]).toEqual(['prog_attach', 'prog_attach']);
    expect(await cable.ping(1)).toBe(1);
    expect(bpf.globals.bss.trail).toBe(2n);
    await old.detach();
    await now.detach();
    expect(await cable.ping(1)).toBe(1);
    expect(bpf.globals.bss.trail).toBe(2n);
    expect(() => third.attachSync({ ...cable.end, before: 'all', after: 'all' })).toThrow(
      /before and after were both given/,
    );
  });

  it('refuses a hook that has changed, and a program that is there', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, programs);
    const { first, second } = bpf.programs;
    await first.attach({ ...cable.end, expectedRevision: 1n });
    await expect(second.attach({ ...cable.end, expectedRevision: 1n })).rejects.toThrow(
      /ESTALE, the hook has changed since/,
    );
    await second.attach({ ...cable.end, expectedRevision: 2n });
    await expect(first.attach({ ...cable.end })).rejects.toThrow(/EEXIST, this program is attached there/);
  });
});

/** XDP on a veth pair of our own: packets that are dropped are missed by ping. */
import { beforeEach, describe, expect, it } from 'vitest';
import { packets } from '../../bpf/packets.bpf.js';
import { fdInfo } from '../../support/descriptors.js';
import { need } from '../../support/need.js';
import { Cable } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

describe('xdp', () => {
  beforeEach(context => need(context, 'xdp'));

  it.each(['native', 'generic', undefined] as const)('drops pings in mode %s', async mode => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop']);
    expect(await cable.ping()).toBe(3);
    const link = await bpf.programs.drop.attach({ ...cable.end, ...(mode && { mode }) });
    expect(link.via).toBe('link');
    expect(await cable.blocked()).toBe(0);
    expect(bpf.globals.bss.dropped).toBe(3n);
    const { stdout } = await cable.right.run('ip', '-j', 'link', 'show', 'cable');
    expect(JSON.parse(stdout)[0].xdp.mode).toBe(mode === 'generic' ? 2 : 1);
    await link.detach();
    expect(await cable.ping()).toBe(3);
  });

  it('attaches to an interface by its index', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop']);
    const { stdout } = await cable.right.run('ip', '-j', 'link', 'show', 'cable');
    const [{ ifindex }] = JSON.parse(stdout);
    await bpf.programs.drop.attach({ ...cable.end, interface: ifindex });
    const shown = await cable.right.run('ip', '-j', 'link', 'show', 'cable');
    expect(JSON.parse(shown.stdout)[0].xdp.prog.id).toBe(Number(fdInfo(bpf.programs.drop.fd, 'prog_id')));
  });

  it('passes frags', async context => {
    need(context, 'xdp.frags');
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['pass_frags']);
    await bpf.programs.pass_frags.attach({ ...cable.end });
    expect(await cable.ping()).toBe(3);
    expect(bpf.globals.bss.passed).toBe(3n);
  });

  it('for entries of maps loads, and is not attached', async context => {
    need(context, 'xdp.cpumap');
    await using bpf = await loadOnly(packets, ['at_device', 'at_cpu']);
    const attach = bpf.programs.at_device.attach as () => Promise<unknown>;
    await expect(attach.call(bpf.programs.at_device)).rejects.toThrow(
      /^attach at_device: ERR_BPF_ARGUMENT, it runs for entries of a devmap or cpumap that name it/,
    );
    need(context, 'xdp.frags');
    await using frags = await loadOnly(packets, ['at_device_frags', 'at_cpu_frags']);
    expect(frags.programs.at_cpu_frags.loaded).toBe(true);
  });

  it('attaches over netlink, is held by no link, and takes its program away again', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop']);
    const link = await bpf.programs.drop.attach({ ...cable.end, via: 'netlink' });
    expect(link.via).toBe('netlink');
    expect(() => link.fd).toThrow(/EOPNOTSUPP, the kernel keeps no link of it: it is attached by netlink/);
    await expect(link.pin('/sys/fs/bpf/none')).rejects.toThrow(/the kernel keeps no link of it/);
    expect(await cable.blocked()).toBe(0);
    await link.detach();
    expect(await cable.ping()).toBe(3);
  });

  it('says why packets are too long, in the words of the kernel where it has some', async () => {
    using cable = new Cable();
    for (const end of [cable.left, cable.right]) end.ip('link set cable mtu 9000');
    await using bpf = await loadOnly(packets, ['drop']);
    const attach = (via: 'link' | 'netlink') =>
      bpf.programs.drop.attach({ ...cable.end, via, mode: 'native' });
    await expect(attach('link')).rejects.toThrow(
      /ERANGE, .* \(its packets may be longer than one buffer: SEC/,
    );
    await expect(attach('netlink')).rejects.toThrow(
      /ERANGE, (veth: )?Peer MTU is too large to set XDP \(its packets may be longer than one buffer/,
    );
  });

  it('is detached over netlink when its object closes', async () => {
    using cable = new Cable();
    const bpf = await loadOnly(packets, ['drop']);
    await bpf.programs.drop.attach({ ...cable.end, via: 'netlink' });
    await bpf.close();
    expect(await cable.ping()).toBe(3);
  });

  it('takes the place of a program, and leaves a third one alone', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop', 'pass']);
    const { drop, pass } = bpf.programs;
    const first = await drop.attach({ ...cable.end, via: 'netlink' });
    const second = await pass.attach({ ...cable.end, replace: { id: drop.info.id } });
    expect(await cable.ping()).toBe(3);
    expect(bpf.globals.bss.passed).toBe(3n);
    await first.detach();
    expect(await cable.ping()).toBe(3);
    expect(bpf.globals.bss.passed).toBe(6n);
    await second.detach();
    expect(await cable.ping()).toBe(3);
    expect(bpf.globals.bss.passed).toBe(6n);
  });

  it('names the program that sits there', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop', 'pass']);
    await bpf.programs.drop.attach({ ...cable.end });
    for (const via of ['link', 'netlink'] as const) {
      await expect(bpf.programs.pass.attach({ ...cable.end, via })).rejects.toMatchObject({
        code: 'EBUSY',
        message: expect.stringMatching(
          /^attach pass to interface cable: EBUSY, program drop \(id \d+\) sits there \(detach it/,
        ),
      });
    }
  });

  it('names the program that runs there in another mode', async () => {
    using cable = new Cable();
    await using first = await loadOnly(packets, ['drop']);
    await using second = await loadOnly(packets, ['drop']);
    await first.programs.drop.attach({ ...cable.end, mode: 'generic' });
    await expect(second.programs.drop.attach({ ...cable.end, mode: 'native' })).rejects.toThrow(
      /program drop \(id \d+\) sits there, in mode generic \(detach it, or attach with mode: 'generic'\)/,
    );
  });

  it('names an unknown interface and lists the known ones', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop']);
    await expect(bpf.programs.drop.attach({ ...cable.end, interface: 'wire' })).rejects.toMatchObject({
      code: 'ENODEV',
      message: expect.stringMatching(
        /there is no interface wire in network namespace .*; there are lo, cable/,
      ),
    });
    expect(() => bpf.programs.drop.attachSync({ interface: 4_000_000 })).toThrow(
      /there is no interface with index 4000000 here; there are /,
    );
    expect(() => bpf.programs.drop.attachSync({ ...cable.end, netns: '/run/netns/none' })).toThrow(
      /ENOENT, there is no \/run\/netns\/none \(give a network namespace/,
    );
    expect(() => bpf.programs.drop.attachSync({ ...cable.end, netns: '/etc/hostname' })).toThrow(
      /\/etc\/hostname is no namespace/,
    );
    expect(() => bpf.programs.drop.attachSync({ ...cable.end, mode: 'offload' })).toThrow(
      /its driver has no XDP of mode offload \(mode: 'generic'/,
    );
  });
});

/** tc filters on a veth pair of our own: dropped pings, and a queueing discipline that comes and goes. */
import { queryHook } from 'libbpf-ts/inspect';
import { beforeEach, describe, expect, it } from 'vitest';
import { packets } from '../../bpf/packets.bpf.js';
import { need } from '../../support/need.js';
import { Cable } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

describe('tc', () => {
  beforeEach(context => need(context, 'tc'));

  it.each(['ingress', 'egress'] as const)('drops pings in direction %s', async direction => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_classified']);
    const link = await bpf.programs.drop_classified.attach({ ...cable.end, direction });
    expect(link.via).toBe('netlink');
    expect(await cable.blocked()).toBe(0);
    expect(bpf.globals.bss.dropped).toBe(3n);
    expect(await disciplines(cable)).toContain('clsact');
    await link.detach();
    expect(await cable.ping()).toBe(3);
    expect(await disciplines(cable)).not.toContain('clsact');
  });

  it('keeps the discipline while another filter needs it, its own or not', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_classified']);
    const { drop_classified } = bpf.programs;
    const one = await drop_classified.attach({ ...cable.end, direction: 'ingress' });
    const two = await drop_classified.attach({ ...cable.end, direction: 'egress' });
    await one.detach();
    expect(await cable.blocked(1)).toBe(0);
    expect((await cable.right.run('tc', ...addFilter)).stderr).toBe('');
    await two.detach();
    expect(await disciplines(cable)).toContain('clsact');
    expect(await filters(cable)).toContain('u32');
  });

  it('leaves a discipline that was there', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_classified']);
    await cable.right.run('tc', 'qdisc', 'add', 'dev', 'cable', 'clsact');
    const link = await bpf.programs.drop_classified.attach({ ...cable.end, direction: 'ingress' });
    await link.detach();
    expect(await disciplines(cable)).toContain('clsact');
    expect(await filters(cable)).toBe('');
  });

  it('has the priority and handle that were asked for', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_classified']);
    const hook = { ...cable.end, direction: 'ingress' } as const;
    const place = { ...hook, priority: 7, handle: 3 };
    const first = await bpf.programs.drop_classified.attach(place);
    expect(await filters(cable)).toMatch(/pref 7 bpf chain 0 handle 0x3 drop_classified/);
    expect((await queryHook('tc', hook)).programs).toMatchObject([
      { name: 'drop_classified', directAction: true, priority: 7, handle: 3 },
    ]);
    await expect(bpf.programs.drop_classified.attach(place)).rejects.toThrow(
      /^attach drop_classified to ingress of interface cable: EEXIST, program drop_classified \(id \d+\) sits there \(another priority/,
    );
    const second = await bpf.programs.drop_classified.attach({ ...place, replace: true });
    await first.detach();
    await second.detach();
    expect(await disciplines(cable)).not.toContain('clsact');
  });

  it('detaches quietly from an interface that is gone', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_classified']);
    const link = await bpf.programs.drop_classified.attach({ ...cable.end, direction: 'ingress' });
    cable.right.ip('link del cable');
    await link.detach();
  });
});

const addFilter = 'filter add dev cable egress protocol all u32 match u32 0 0 classid 1:1'.split(' ');

async function disciplines(cable: Cable): Promise<string> {
  return (await cable.right.run('tc', 'qdisc', 'show', 'dev', 'cable')).stdout;
}

async function filters(cable: Cable): Promise<string> {
  const show = (direction: string) => cable.right.run('tc', 'filter', 'show', 'dev', 'cable', direction);
  return (await show('ingress')).stdout + (await show('egress')).stdout;
}

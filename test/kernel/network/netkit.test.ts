/** netkit devices: pings that are dropped as they leave either end, by programs of the end that manages both. */
import { describe, expect, it } from 'vitest';
import { packets } from '../../bpf/packets.bpf.js';
import { fdInfo } from '../../support/descriptors.js';
import { linkContract } from '../../support/link-contract.js';
import { need } from '../../support/need.js';
import { Cable, Namespace } from '../../support/network.js';
import { loadOnly } from '../../support/only.js';

/** Two namespaces with a pair of netkit devices between them, both called `kit`; the left one manages both. */
class Kit implements Disposable {
  readonly left = new Namespace();
  readonly right = new Namespace();

  constructor() {
    const { left, right } = this;
    // An `ip` that does not know the kind makes them with their defaults.
    left.ip('link add kit type netkit', `link set nk0 netns ${right.name} name kit`);
    for (const [index, end] of [left, right].entries()) {
      end.ip(`address add 10.78.0.${index + 1}/24 dev kit`, 'link set kit up');
    }
  }

  get place() {
    return { interface: 'kit', netns: this.left.path };
  }

  /** Pings from one end to the other: how many of them were answered. */
  ping(from: 'left' | 'right', times: number, seconds?: number): Promise<number> {
    return this[from].ping(from === 'left' ? '10.78.0.2' : '10.78.0.1', times, seconds);
  }

  [Symbol.dispose](): void {
    this.left[Symbol.dispose]();
    this.right[Symbol.dispose]();
  }
}

describe('netkit', () => {
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
    // A sender is told of what its device drops, and ping tries again: there is no saying how often.
    const works = async () => {
      const before = bpf.globals.bss.dropped;
      const answered = await kit.ping(sender, 1, 0.2);
      return answered === 0 && bpf.globals.bss.dropped > before;
    };
    await linkContract({ link, type: 'netkit', number: 13, programId, works });
    expect(await kit.ping(sender, 2)).toBe(2);
  });

  it('needs a netkit device, and a kernel that has them', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_netkit']);
    await expect(bpf.programs.drop_netkit.attach({ ...cable.end })).rejects.toThrow(
      /it is no netkit device|netkit\/primary needs Linux 6.7|netkit\/primary needs a kernel with CONFIG_NETKIT, and this one was built without/,
    );
  });
});

/** What is attached where, beside `bpftool net`: in a network namespace of its own, and what belongs to the machine. */
import { join } from 'node:path';
import { type HooksOptions, hooks, type OccupiedHook, queryHook } from 'libbpf-ts/inspect';
import { describe, expect, it } from 'vitest';
import { packets } from '../bpf/packets.bpf.js';
import { sockets } from '../bpf/sockets.bpf.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { checkout, ended } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';
import { Cable } from '../support/network.js';
import { loadOnly } from '../support/only.js';

async function occupied(options?: HooksOptions): Promise<OccupiedHook[]> {
  const found: OccupiedHook[] = [];
  for await (const hook of hooks(options)) found.push(hook);
  return found;
}

const cli = (...args: string[]) => ended(process.execPath, ['dist/cli/main.js', ...args], { cwd: checkout });

/** Newer versions say `prog_id`. */
interface Filter {
  readonly devname: string;
  readonly kind: string;
  readonly id?: number;
  readonly prog_id?: number;
}

interface Shown {
  readonly xdp: readonly { readonly devname: string; readonly id: number }[];
  readonly tc: readonly Filter[];
  readonly flow_dissector: readonly { readonly id: number }[];
}

async function shown(cable: Cable): Promise<Shown> {
  const { stdout } = await cable.right.run('bpftool', '-j', 'net', 'show');
  // Some versions forget the braces of the dissector.
  const [all] = JSON.parse(stdout.replace(/\["id":(\d+)\]/, '[{"id":$1}]')) as [Shown];
  return all;
}

/** A line for each program. Classes and disciplines are by their kind there, by their number here. */
function linesOf(found: readonly OccupiedHook[]): string[] {
  const lines = found.flatMap(({ section, place, programs }) => {
    const { interface: name = '', direction } = { ...('interface' in place ? place : {}) };
    const where = section === 'tc' ? (direction ? `clsact/${direction}` : 'htb') : section;
    return programs.map(({ programId }) => `${where} ${name} ${programId}`);
  });
  return lines.sort();
}

function theirLines({ xdp, tc, flow_dissector }: Shown): string[] {
  return [
    ...xdp.map(({ devname, id }) => `xdp ${devname} ${id}`),
    ...tc.map(({ devname, kind, id, prog_id = id }) => `${kind} ${devname} ${prog_id}`),
    ...flow_dissector.map(({ id }) => `flow_dissector  ${id}`),
  ].sort();
}

describe('the hooks of a network namespace', () => {
  it('are those of bpftool net show', async () => {
    using cable = new Cable();
    using folder = new BpfFileSystem();
    await using bpf = await loadOnly(packets, ['drop', 'drop_classified', 'dissect']);
    const { drop, drop_classified, dissect } = bpf.programs;
    await drop.attach(cable.end);
    await dissect.attach({ netns: cable.right.path });
    await drop_classified.attach({ ...cable.end, direction: 'ingress', priority: 9 });
    await drop_classified.attach({ ...cable.end, direction: 'ingress', priority: 7, handle: 3 });
    await drop_classified.attach({ ...cable.end, direction: 'egress' });
    const path = join(folder.path, 'classified');
    const { stderr } = await ended('bpftool', [
      'prog',
      'pin',
      'id',
      `${fdInfo(drop_classified.fd, 'prog_id')}`,
      path,
    ]);
    expect(stderr).toBe('');
    for (const line of [
      'qdisc add dev cable root handle 1: htb',
      'class add dev cable parent 1: classid 1:a htb rate 1mbit',
      `filter add dev cable parent 1: protocol ip prio 5 bpf object-pinned ${path} da`,
      `filter add dev cable parent 1:a protocol ip prio 6 bpf object-pinned ${path}`,
    ])
      expect((await cable.right.run('tc', ...line.split(' '))).stderr).toBe('');
    const found = await occupied({ cgroup: false, netns: cable.right.path });
    const theirs = theirLines(await shown(cable));
    expect(theirs).toHaveLength(7);
    expect(linesOf(found)).toEqual(theirs);
    const programId = fdInfo(drop_classified.fd, 'prog_id');
    const filter = { programId, name: 'drop_classified' };
    const { interface: name, netns } = cable.end;
    expect(found.filter(({ section }) => section === 'tc')).toEqual([
      {
        section: 'tc',
        place: { interface: name, parent: '1:', netns },
        programs: [{ ...filter, directAction: true, priority: 5, handle: 1 }],
      },
      {
        section: 'tc',
        place: { interface: name, parent: '1:a', netns },
        programs: [{ ...filter, directAction: false, priority: 6, handle: 1 }],
      },
      {
        section: 'tc',
        place: { interface: name, direction: 'ingress', netns },
        programs: [
          { ...filter, directAction: true, priority: 7, handle: 3 },
          { ...filter, directAction: true, priority: 9, handle: 1 },
        ],
      },
      expect.objectContaining({ place: { interface: name, direction: 'egress', netns } }),
    ]);
  });

  it('of tc answer when they are asked', async () => {
    using cable = new Cable();
    await using bpf = await loadOnly(packets, ['drop_classified']);
    const place = { ...cable.end, direction: 'ingress' } as const;
    expect(await queryHook('tc', place)).toEqual({ programs: [] });
    await bpf.programs.drop_classified.attach({ ...place, priority: 4 });
    const { programs } = await queryHook('tc', place);
    expect(programs).toMatchObject([{ name: 'drop_classified', priority: 4 }]);
    expect(await queryHook('classifier', { ...cable.end, direction: 'egress' })).toEqual({ programs: [] });
    // @ts-expect-error the direction is not said
    await expect(queryHook('tc', cable.end)).rejects.toThrow(/does not say the direction/);
  });
});

describe('the hooks of the machine', () => {
  it('are those of sockmaps and netfilter too', async () => {
    using cable = new Cable();
    await using filter = await loadOnly(packets, ['drop_filtered']);
    await using bpf = await loadOnly(sockets, ['parse', 'echo_stream']);
    const place = { family: 'ipv4', hook: 'input', netns: cable.right.path } as const;
    const late = await filter.programs.drop_filtered.attach({ ...place, priority: 77_123 });
    const early = await filter.programs.drop_filtered.attach({ ...place, priority: -77_123 });
    const map = bpf.maps.streams;
    await bpf.programs.parse.attach({ map, via: 'prog_attach' });
    const link = await bpf.programs.echo_stream.attach({ map });
    const found = await occupied({ cgroup: false });
    const ids = [early.info.id, late.info.id];
    const netfilter = found.find(({ section }) => section === 'netfilter') ?? expect.fail('no netfilter');
    expect(netfilter.place).toEqual({ family: 'ipv4', hook: 'input' });
    const ours = netfilter.programs.filter(({ linkId }) => linkId !== undefined && ids.includes(linkId));
    const programId = fdInfo(filter.programs.drop_filtered.fd, 'prog_id');
    expect(ours).toEqual([
      { programId, name: 'drop_filtered', linkId: ids[0], priority: -77_123 },
      { programId, name: 'drop_filtered', linkId: ids[1], priority: 77_123 },
    ]);
    const mapId = map.info.id;
    expect(found.filter(each => 'mapId' in each.place && each.place.mapId === mapId)).toMatchObject([
      {
        section: 'sk_skb/stream_parser',
        programs: [{ programId: fdInfo(bpf.programs.parse.fd, 'prog_id') }],
      },
      { section: 'sk_skb/stream_verdict', programs: [{ programId: link.info.programId }] },
    ]);
    const { stdout } = await cli('list', 'hooks');
    expect(stdout).toMatch(/^ *netfilter +ipv4 input +\d+ drop_filtered/m);
    expect(stdout).toMatch(new RegExp(`^ *sk_skb/stream_parser +map ${mapId} +\\d+ parse$`, 'm'));
    await expect(occupied({ cgroup: false, netns: cable.right.path })).resolves.toEqual([]);
  });
});

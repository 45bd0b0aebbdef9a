/** Whatever a C program on libbpf attaches, we attach: section by section, in the same places, on every kernel. */
import { type Link, openLink, type Program } from 'libbpf-ts';
import { expect, it } from 'vitest';
import { kindNameOf, sectionSince } from '../../../lib/attach/sections.js';
import { sections } from '../../bpf/sections.bpf.js';
import { BpfFileSystem } from '../../support/bpffs.js';
import { loadOnly } from '../../support/only.js';
import { isForHere, Places, type SectionName } from '../../support/places.js';
import { libbpfProgram } from '../../support/program.js';

const object = new URL('../../bpf/sections.bpf.o', import.meta.url).pathname;

const names = Object.keys(sections.description.programs).filter(isForHere) as SectionName[];

/** What every kernel attaches that the tests know; a C program that cannot would show nothing of ours. */
const everywhere: readonly SectionName[] = [
  'uprobe',
  'uretprobe',
  'raw_tp',
  'tp_btf',
  'iter_task',
  'iter_bpf_map_elem',
  'perf_event',
  'xdp',
  'tc',
  'sk_lookup',
  'flow_dissector',
  'cgroup_connect4',
  'cgroup_dev',
  'sockops',
  'sk_msg',
  'sk_skb_stream_verdict',
  'socket',
];

it('what a C program attaches, we attach, and its link keeps the contract', async () => {
  const binary = libbpfProgram(new URL('loader.c', import.meta.url));
  await using places = await Places.make(binary);
  using files = new BpfFileSystem();
  const { cable, cgroup } = places;
  const { stdout } = await cable.right.run(binary, object, cgroup.path, ...names);
  const lines = stdout.trim().split('\n');
  const theirs = lines.filter(line => line.includes(' attached ')).map(line => line.split(' ')[0]);
  expect(lines).toHaveLength(names.length);
  expect(theirs).toEqual(expect.arrayContaining([...everywhere]));
  const failures: Record<string, string> = {};
  for (const name of names.filter(each => theirs.includes(each))) {
    await attachAndDetach(name, places, `${files.path}/link`).catch(error => {
      failures[name] = String(error);
    });
  }
  expect(failures).toEqual({});
  const reasons: Record<string, string> = {};
  for (const name of oneOfEach(names.filter(each => !theirs.includes(each)))) {
    const message = await attachAndDetach(name, places, `${files.path}/link`).then(
      () => 'it attaches',
      messageOf,
    );
    if (!namesWhy.test(message)) reasons[name] = message;
  }
  expect(reasons).toEqual({});
});

/** Of each kind and version, each target of iterators: loading all would take old kernels long. */
function oneOfEach(refused: readonly SectionName[]): Iterable<SectionName> {
  // Without netkit there is no device to attach to.
  const rest = refused.filter(name => !name.startsWith('netkit'));
  const reasonOf = (name: SectionName) => {
    const section = sections.description.programs[name];
    const kind = kindNameOf(section);
    return kind === 'iter' ? section : `${kind} ${sectionSince(section)}`;
  };
  return new Map(rest.map(name => [reasonOf(name), name])).values();
}

/** A version, an option, the function that may not sleep, or that the kernel refuses it to everybody. */
const namesWhy =
  /needs Linux \d|needs a kernel with CONFIG_|is not sleepable|not for want of a capability: .*a kernel that refuses/;

function messageOf(error: unknown): string {
  return (error as Error).message;
}

async function attachAndDetach(name: SectionName, places: Places, path: string): Promise<void> {
  await using bpf = await loadOnly(sections, [name]);
  const program = bpf.programs[name] as Program;
  const link = await program.attach(places.of(name, bpf.maps));
  const refusal = await link.pin(path).catch(error => error.message);
  if (refusal === undefined) await isPinned(link, path);
  else expect(refusal).toMatch(unpinnable);
  await link.detach();
  await link.detach();
  expect(() => link.info).toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
}

/** Of what the kernel has no link, or libbpf several. */
const unpinnable =
  /EOPNOTSUPP, (the kernel keeps no link of it: it is attached by|libbpf made a link for each place of the probe)|a link of a perf event needs Linux 5\.15/;

async function isPinned(link: Link, path: string): Promise<void> {
  const { id, type } = link.info;
  expect(type).not.toMatch('unknown');
  await using other = await openLink(path);
  expect(other.info).toMatchObject({ id, type });
  await link.unpin();
  await expect(openLink(path)).rejects.toMatchObject({ code: 'ENOENT' });
}

/** How links of all kinds end: with a process that is killed, unless they are pinned, and in any order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Link, openLink, type Program } from 'libbpf-ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sections } from '../../bpf/sections.bpf.js';
import { BpfFileSystem } from '../../support/bpffs.js';
import { runScript } from '../../support/child.js';
import { features } from '../../support/features.js';
import { thisKernel } from '../../support/kernel.js';
import { obstacle } from '../../support/need.js';
import { loadOnly } from '../../support/only.js';
import { isForHere, Places, type SectionName } from '../../support/places.js';
import { libbpfProgram } from '../../support/program.js';

/** Those that every kernel of the tests has links of. */
const everywhere: readonly SectionName[] = [
  'raw_tp',
  'tp_btf',
  'iter_task',
  'xdp',
  'cgroup_connect4',
  'cgroup_dev',
  'sockops',
  'sk_lookup',
  'flow_dissector',
];

/** Those that some kernels have none of. */
const somewhere: readonly SectionName[] = [
  'kprobe',
  'kprobe_multi',
  'kprobe_session',
  'tp',
  'uprobe',
  'uprobe_multi',
  'uprobe_session',
  'perf_event',
  'fentry',
  'fexit',
  'fsession',
  'fmod_ret',
  'lsm',
  'lsm_cgroup',
  'tcx_ingress',
  'tcx_egress',
  'netkit_primary',
  'netfilter',
];

/** Those that go with more than a section, where the kernel has links of them. */
const elsewhere = {
  freplace: `
    const { programs } = await loadOnly('replaced', 'asking');
    const target = opened => opened.programs.better.setAttachTarget('answering', programs.asking);
    return (await loadOnly('replacement', 'better', target)).programs.better.attach();`,
  'sockmap.link': `
    const { programs, maps } = await loadOnly('sockets', 'refuse');
    return programs.refuse.attach({ map: maps.streams });`,
  'struct_ops.link': `
    return (await load('test/bpf/congestion_link.bpf.o')).maps.linked.attach();`,
} as const;
type Elsewhere = keyof typeof elsewhere;

let places: Places;
beforeAll(async () => {
  places = await Places.make(libbpfProgram(new URL('loader.c', import.meta.url)));
});
afterAll(() => places[Symbol.asyncDispose]());

/** Attaches what it can, tells their links' ids, and is killed. */
const script = (options: object, folder: string | undefined) => `
import { load, open } from 'libbpf-ts';
async function loadOnly(file, name, prepare = () => {}) {
  const opened = await open('test/bpf/' + file + '.bpf.o');
  for (const program of Object.values(opened.programs)) program.autoload = program.name === name;
  prepare(opened);
  return opened.load();
}
const ids = {};
async function hold(name, attach) {
  try {
    const link = await attach();
    ids[name] = link.info.id;
    ${folder === undefined ? '' : `await link.pin('${folder}/' + name.replace('.', '-'));`}
  } catch {}
}
for (const [name, options] of Object.entries(${JSON.stringify(options)}))
  await hold(name, async () => (await loadOnly('sections', name)).programs[name].attach(options ?? undefined));
${Object.entries(elsewhere)
  .map(([name, text]) => `await hold('${name}', async () => {${text}});`)
  .join('\n')}
process.stdout.write(JSON.stringify(ids), () => process.kill(process.pid, 'SIGKILL'));
`;

/** What a process attached that was killed: ids by program. */
async function killed(folder?: string): Promise<[SectionName | Elsewhere, number][]> {
  const names = [...everywhere, ...somewhere.filter(isForHere)];
  const options = Object.fromEntries(names.map(name => [name, places.of(name) ?? null]));
  const { signal, stdout } = await runScript(script(options, folder));
  expect(signal).toBe('SIGKILL');
  const ids = JSON.parse(stdout) as Record<SectionName | Elsewhere, number>;
  const present = (Object.keys(elsewhere) as Elsewhere[]).filter(
    name => !obstacle(features[name], thisKernel()),
  );
  expect(Object.keys(ids)).toEqual(expect.arrayContaining([...everywhere, ...present]));
  return Object.entries(ids) as [SectionName | Elsewhere, number][];
}

/** The kernel frees a link a little after its last user. */
async function areGone(ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    for (let attempt = 0; await exists(id); attempt++) {
      if (attempt === 100) throw new Error(`link ${id} is still there`);
      await sleep(50);
    }
  }
}

async function exists(id: number): Promise<boolean> {
  const link = await openLink({ id }).catch(() => undefined);
  await link?.close();
  return link !== undefined;
}

describe('kill -9', () => {
  it('ends links of all kinds', async () => {
    const links = await killed();
    await areGone(links.map(([, id]) => id));
  });

  it('leaves those that are pinned, of all kinds', async () => {
    using files = new BpfFileSystem();
    const links = await killed(files.path);
    for (const [name, id] of links) {
      const link = await openLink(`${files.path}/${name.replace('.', '-')}`);
      expect(link.info.id).toBe(id);
      await link.detach();
    }
    await areGone(links.map(([, id]) => id));
  });
});

describe('links of one object', () => {
  const orders: readonly [name: string, order: (count: number) => number[]][] = [
    ['as they came', count => [...Array(count).keys()]],
    ['the last first', count => [...Array(count).keys()].reverse()],
    ['from the middle', count => [...Array(count).keys()].map(index => (index * 5 + 4) % count)],
    ['with their object', () => []],
  ];

  it.for(orders)('end %s', async ([, order]) => {
    const bpf = await loadOnly(sections, everywhere);
    const links: Link[] = [];
    for (const name of everywhere)
      links.push(await (bpf.programs[name] as Program).attach(places.of(name, bpf.maps)));
    const ids = links.map(link => link.info.id);
    for (const index of order(links.length)) await links[index]?.close();
    await bpf.close();
    for (const link of links) await link.close();
    await areGone(ids);
  });
});

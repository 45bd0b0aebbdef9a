/** Which capabilities ways to attach take: the table, against a kernel that is asked without each of them. */
import { chmodSync, copyFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capabilitiesOf } from '../../lib/attach/sections.js';
import { sections } from '../bpf/sections.bpf.js';
import { runScript } from '../support/child.js';
import { isForHere, Places, type SectionName } from '../support/places.js';
import { libbpfProgram } from '../support/program.js';
import { temporary } from '../support/temporary.js';

type Refusals = Partial<Record<SectionName, string>>;

/** Some iterators go over maps that take more than they do. */
const besides = /^(iter_(bpf_map_elem|bpf_sk_storage_map|sockmap|cgroup)|netkit|socket$)/;
const names = (Object.keys(sections.description.programs) as SectionName[]).filter(
  name => isForHere(name) && !besides.test(name),
);

let places: Places;
/** In a folder that is root's. */
const hidden = temporary('hidden');
beforeAll(async () => {
  places = await Places.make(libbpfProgram(new URL('../kernel/attach/loader.c', import.meta.url)));
  chmodSync(places.cgroup.path, 0o755);
  copyFileSync(places.binary, hidden);
});
afterAll(() => places[Symbol.asyncDispose]());

/** Where each is attached, as a process in the right namespace says it. */
function optionsOf(name: SectionName): object | null {
  if (name === 'uprobe') return { binary: hidden, function: 'target' };
  const { netns: _, map, ...options } = { netns: '', map: undefined, ...places.of(name) };
  if (map !== undefined) return { map: 'sockets' };
  return Object.keys(options).length === 0 ? null : options;
}

/** Loads and attaches each alone, with the maps that it cannot do without; tells what was refused. */
const script = (chosen: readonly SectionName[], beforeAttaching = '') => `
import { open } from 'libbpf-ts';
const needed = (name, map) => name.startsWith('usdt') ? map.includes('usdt') : /^sk_(skb|msg)/.test(name) && map === 'sockets';
const places = Object.entries(${JSON.stringify(Object.fromEntries(chosen.map(name => [name, optionsOf(name)])))});
const refusals = {}, loaded = [];
const attempt = (name, work) => work().catch(error => { refusals[name] = error.message; });
for (const [name, options] of places) await attempt(name, async () => {
  const opened = await open('test/bpf/sections.bpf.o');
  for (const map of Object.values(opened.maps)) map.autocreate = needed(name, map.name);
  opened.programs[name].autoload = true;
  loaded.push([name, options, await opened.load()]);
});
${beforeAttaching}
for (const [name, options, bpf] of loaded) await attempt(name, async () => {
  if (options?.map) options.map = bpf.maps[options.map].fd;
  if (options?.pid) options.pid = process.pid;
  await bpf.programs[name].attach(options ?? undefined);
});
console.log(JSON.stringify(refusals));
process.exit();
`;

async function refusalsIn(text: string, ...wrapper: string[]): Promise<Refusals> {
  const here = ['nsenter', `--net=${places.cable.right.path}`, ...wrapper];
  const { stdout, stderr } = await runScript(text, [], here);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** Without CAP_SYS_ADMIN, which stands for all others, and without what else is named. */
function without(...capabilities: string[]): Promise<Refusals> {
  const dropped = ['-sys_admin', ...capabilities.map(name => name.toLowerCase().replace('cap_', '-'))].join();
  return refusalsIn(script(names), 'setpriv', `--bounding-set=${dropped}`, `--inh-caps=${dropped}`);
}

describe('the kernel', () => {
  let before: Refusals;
  beforeAll(async () => {
    before = await without();
  });

  it.each(['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN'] as const)(
    'wants %s of the sections that the table says',
    async capability => {
      const after = await without(capability);
      const taken = names.filter(name => !(name in before));
      expect(taken.length).toBeGreaterThan(60);
      const wanting = (name: SectionName) =>
        capabilitiesOf(sections.description.programs[name])?.includes(capability);
      expect(taken.filter(name => name in after)).toEqual(taken.filter(wanting));
      const lacks = new RegExp(`\\(.*\\bthis process lacks ${capability}\\)$`);
      for (const name of taken.filter(wanting)) expect(after[name]).toMatch(lacks);
      expect(before.uprobe ?? '').toMatch(
        /^$|kernels since 2025 take CAP_SYS_ADMIN for a uprobe, .*uprobe\.multi/,
      );
    },
  );

  it('lets nobody attach some that root has loaded, and says what that takes', async () => {
    const chosen = ['tp', 'perf_event', 'uprobe', 'xdp', 'tc', 'cgroup_skb_egress'] as const;
    const refusals = await refusalsIn(script(chosen, 'process.setgid(65534); process.setuid(65534);'));
    const takes = (capabilities: string) =>
      expect.stringMatching(`SEC\\(.*\\) takes CAP_BPF and ${capabilities}; this process lacks`);
    expect(refusals).toEqual({
      tp: expect.stringMatching(/may not read tracefs.*\(run as root or grant CAP_DAC_READ_SEARCH; raw_tp/),
      perf_event: takes('CAP_PERFMON'),
      uprobe: expect.stringMatching(/may not read \/.*\/hidden \(let it, run as root, or grant CAP_DAC_READ/),
      tc: takes('CAP_NET_ADMIN'),
      cgroup_skb_egress: takes('CAP_NET_ADMIN'),
    });
  });
});

/** Programs that were opened without their object are attached as those of an object: libbpf's link is the measure. */
import { join } from 'node:path';
import { type Link, openMap, openProgram, type Program } from 'libbpf-ts';
import { expect, it } from 'vitest';
import { probe } from '../../bpf/probe.bpf.js';
import { sections } from '../../bpf/sections.bpf.js';
import { BpfFileSystem } from '../../support/bpffs.js';
import { callGetppid, getppid, watchGetppid } from '../../support/getppid.js';
import { linkContracts } from '../../support/link-contract.js';
import { need } from '../../support/need.js';
import { loadOnly } from '../../support/only.js';
import { isForHere, Places, type SectionName } from '../../support/places.js';
import { libbpfProgram } from '../../support/program.js';

const names = Object.keys(sections.description.programs).filter(isForHere) as SectionName[];

/** What takes the object, and says so. */
const withObject = /^(usdt|freplace|ksyscall|kretsyscall|kprobe_multi|kretprobe_multi|kprobe_session)/;

/** Before Linux 5.13 these attach once (bpf_tracing_prog_attach() in kernel/bpf/syscall.c). */
const onTrampolines = /^(fentry|fexit|fmod_ret|fsession|lsm)/;

/** What every kernel attaches that the tests know, and keeps a link of. */
const everywhere = ['raw_tp', 'iter_task', 'xdp', 'tc', 'sk_lookup', 'cgroup_connect4', 'sk_msg', 'socket'];

it('a program is attached as libbpf attaches it, section by section', async () => {
  const binary = libbpfProgram(new URL('loader.c', import.meta.url));
  await using places = await Places.make(binary);
  const compared: string[] = [];
  const unlike: Record<string, unknown> = {};
  for (const name of names) {
    await using bpf = await loadOnly(sections, [name]).catch(() => undefined);
    if (bpf === undefined) continue;
    const program = bpf.programs[name] as Program;
    const options = places.of(name, bpf.maps);
    const theirs = await described(program.attach(options));
    if (typeof theirs === 'string') continue;
    await using fresh = onTrampolines.test(name) ? await loadOnly(sections, [name]) : undefined;
    const unattached = (fresh ?? bpf).programs[name] as Program;
    await using opened = await openProgram(unattached, unattached.section);
    const ours = await described(opened.attach(options));
    compared.push(name);
    if (withObject.test(name)) expect(ours).toMatch(/it was opened without its object/);
    else if (JSON.stringify(ours) !== JSON.stringify(theirs)) unlike[name] = { ours, theirs };
  }
  expect(unlike).toEqual({});
  expect(compared).toEqual(expect.arrayContaining(everywhere));
});

const linkContract = linkContracts();

it('its link works and keeps the contract when object and program are closed', async context => {
  need(context, 'ringbuf');
  using files = new BpfFileSystem();
  const path = join(files.path, 'entered');
  const bpf = await probe.load(watchGetppid);
  await bpf.programs.entered.pin(path);
  await using counts = await openMap(bpf.maps.counts, probe.description.maps.counts);
  await bpf.close();
  const program = await openProgram(path, 'raw_tp/sys_enter');
  const programId = program.info.id;
  const link = await program.attach();
  await expect(program.attach()).rejects.toThrow(/ERR_BPF_BUSY, it is attached already/);
  await program.close();
  const calls = () => counts.get(getppid) ?? 0n;
  const works = () => {
    const before = calls();
    callGetppid(3);
    return calls() === before + 3n;
  };
  await linkContract({ link, type: 'raw_tracepoint', programId, works });
});

it('says what it lacks without its object or its section', async () => {
  await using bpf = await loadOnly(sections, ['usdt']);
  const { usdt } = bpf.programs;
  await using nameless = await openProgram(usdt);
  await expect(nameless.attach({ pid: 1 })).rejects.toThrow(
    /tell its section \(say its section when it is opened\)/,
  );
  await using named = await openProgram(usdt, 'usdt');
  await expect(named.attach({ binary: '/x', provider: 'x', name: 'x' })).rejects.toThrow(
    /^attach usdt: ERR_BPF_ARGUMENT, it was opened without its object: .* \(load the object that has it\)$/,
  );
});

/** What a link is, beside its number and its program's; or why there is none. It is detached. */
async function described(attaching: Promise<Link>): Promise<object | string> {
  try {
    await using link = await attaching;
    const {
      via,
      target = null,
      fds,
    } = link.via === 'link' ? link : { via: link.via, target: link.target, fds: [] };
    if (fds.length !== 1) return { via, target, links: fds.length };
    const { id: _, programId: __, ...info } = link.info as { id: number; programId: number };
    return {
      via,
      target,
      info: JSON.parse(JSON.stringify(info, (_, value) => (typeof value === 'bigint' ? `${value}` : value))),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

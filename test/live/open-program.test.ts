/** Programs before load: what is set reaches the kernel, and what comes too late is refused. */
import { assembled, createMap, VerifierError } from 'libbpf-ts';
import { asm, insnText } from 'libbpf-ts/asm';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { replaced } from '../bpf/replaced.bpf.js';
import { replacement } from '../bpf/replacement.bpf.js';
import { undecided } from '../bpf/undecided.bpf.js';
import { bpftool } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';
import { loadCallOf } from '../support/load-calls.js';
import { need } from '../support/need.js';
import { Namespace } from '../support/network.js';
import { loadOnly } from '../support/only.js';

const frame = new Uint8Array(64);

/** Opens the object with one program alone. */
async function openOnly(name: keyof typeof undecided.description.programs) {
  const opened = await undecided.open();
  for (const program of Object.values(opened.programs)) program.autoload = program.name === name;
  return opened;
}

/** A script that opens a program named `look`, does something to it, and loads it. */
const script = (change: string) => `
  import { assembled } from 'libbpf-ts';
  import { asm } from 'libbpf-ts/asm';
  const opened = assembled('object', { look: { section: 'xdp', insns: asm\`r0 = 2; exit\` } }).openSync();
  const { look } = opened.programs;
  ${change};
  opened.loadSync().closeSync();`;

describe('a program before load', () => {
  it('is loaded with the flags that it is told', async () => {
    const opened = await openOnly('reads_odd');
    const { reads_odd } = opened.programs;
    expect(reads_odd.flags).toEqual([]);
    reads_odd.flags = ['strict_alignment'];
    expect(reads_odd.flags).toEqual(['strict_alignment']);
    const error = await opened.load().catch(error => error);
    expect(error).toBeInstanceOf(VerifierError);
    expect(error.verifierLog).toContain('misaligned packet access');
    await using _accepted = await loadOnly(undecided, ['reads_odd']);
    const named = await loadCallOf('look', script("look.flags = ['strict_alignment', 'test_state_freq']"));
    expect(named.prog_flags).toBe('BPF_F_STRICT_ALIGNMENT|BPF_F_TEST_STATE_FREQ');
    const counted = await loadCallOf('look', script('look.flags = [4]'));
    expect(counted.prog_flags).toBe('BPF_F_TEST_RND_HI32');
  });

  it('has the type and the attach type that it is told', async () => {
    const change = "look.setType('cgroup_sock_addr').attachType = 'cgroup_inet4_connect'";
    const call = await loadCallOf('look', script(`${change}; console.log(look.attachType)`));
    expect(call).toMatchObject({ expected_attach_type: 'BPF_CGROUP_INET4_CONNECT' });
    const alone = await loadCallOf('look', script("look.setType('cgroup_skb')"));
    expect(alone).toMatchObject({ expected_attach_type: 'BPF_CGROUP_INET_INGRESS' });
    const opened = await undecided.open();
    expect(opened.programs.adds_one.attachType).toBe('xdp');
    opened.programs.adds_one.attachType = 'xdp_devmap';
    expect(opened.programs.adds_one.attachType).toBe('xdp_devmap');
    await opened.close();
  });

  it('is loaded for an interface', async context => {
    need(context, 'xdp.bound');
    using namespace = new Namespace();
    namespace.ip('link add port type veth peer name plug');
    const change = "look.flags = ['xdp_dev_bound_only']; look.setInterface('port')";
    const inside = ['nsenter', `--net=${namespace.path}`];
    const call = await loadCallOf('look', script(change), inside);
    const { stdout } = await namespace.run('ip', '-o', 'link', 'show', 'port');
    const index = /^\d+/.exec(stdout)?.[0];
    expect(call.prog_flags).toMatch(/^(BPF_F_XDP_DEV_BOUND_ONLY|0x40\b.*)$/); // older straces have no name for it
    expect([index, 'if_nametoindex("port")']).toContain(call.prog_ifindex);
  });

  it('is left alone by attaching the whole object where it is told so', async () => {
    const insns = asm`r0 = 0; exit`;
    const section = 'raw_tp/sys_enter';
    const opened = await assembled('pair', { one: { section, insns }, two: { section, insns } }).open();
    expect(opened.programs.two.autoattach).toBe(true);
    opened.programs.two.autoattach = false;
    expect(opened.programs.two.autoattach).toBe(false);
    await using bpf = await opened.load();
    const { links, skipped } = await bpf.attach();
    expect(Object.keys(links)).toEqual(['one']);
    expect(skipped).toEqual([{ program: 'two', reason: 'its autoattach was off' }]);
    const id = fdInfo(bpf.programs.two.fd, 'prog_id');
    expect(bpftool('link', 'list')).not.toContainEqual(expect.objectContaining({ prog_id: id }));
    await using _link = await bpf.programs.two.attach();
    expect(bpftool('link', 'list')).toContainEqual(expect.objectContaining({ prog_id: id }));
  });
});

describe('instructions', () => {
  it('of a file are replaced, with what it says of functions and lines', async () => {
    using sums = await createMap(map('array', u32, u64), { maxEntries: 1 });
    const opened = await openOnly('adds_two');
    opened.programs.adds_two.setInsns(asm`
      r1 = ${sums}[0]+0
      r2 = 9
      lock *(u64 *)(r1 +0) += r2
      r0 = 2
      exit`);
    await using bpf = await opened.load();
    expect(bpf.programs.adds_two.testRunSync({ data: frame })).toMatchObject({ retval: 2 });
    expect(sums.get(0)).toBe(9n);
    const id = String(fdInfo(bpf.programs.adds_two.fd, 'prog_id'));
    const shown = bpftool('prog', 'dump', 'xlated', 'id', id, 'opcodes') as unknown[];
    expect(shown).toHaveLength(5);
  });

  it('are made of those that libbpf has relocated', async () => {
    const opened = await openOnly('adds_two');
    const seen: string[] = [];
    opened.programs.adds_two.setInsns(insns => {
      seen.push(...insns.map(each => insnText(each)));
      return insns.map(each => (each.kind === 'mov' && each.imm === 2 ? { ...each, imm: 40 } : each));
    });
    await using bpf = await opened.load();
    bpf.programs.adds_two.testRunSync({ data: frame });
    expect(bpf.maps.guarded.get(0)).toBe(40n);
    expect(seen).toContainEqual(expect.stringMatching(/^r1 = map\[fd:\d+\]$/));
    expect(seen.filter(text => text === 'exit').length).toBeGreaterThan(1); // with the function behind it
  });

  it('that the verifier refuses are named, without lines of those before', async () => {
    const opened = await openOnly('adds_two');
    opened.programs.adds_two.setInsns(asm`r0 = *(u64 *)(r1 + 4000); exit`);
    const error = await opened.load().catch(error => error);
    expect(error).toBeInstanceOf(VerifierError);
    expect(error.diagnosis).toMatchObject({ instruction: { index: 0 } });
    expect(error.diagnosis.source).toBeUndefined();
  });

  it('are refused where there are none, and by what makes them', async () => {
    const opened = await openOnly('adds_two');
    const argument = expect.objectContaining({ code: 'ERR_BPF_ARGUMENT' });
    expect(() => opened.programs.adds_two.setInsns([])).toThrow(argument);
    expect(() => opened.programs.adds_two.setInsns(7 as never)).toThrow(argument);
    opened.programs.adds_two.setInsns(() => {
      throw new Error('no idea');
    });
    await expect(opened.load()).rejects.toThrow('no idea');
    const empty = await openOnly('adds_two');
    empty.programs.adds_two.setInsns(() => []);
    await expect(empty.load()).rejects.toThrow(/replace the instructions of program adds_two/);
  });
});

describe('a setting', () => {
  it('that is unknown is refused with what is known', async () => {
    await using opened = await undecided.open();
    const { adds_one } = opened.programs;
    const refusals: [() => unknown, RegExp][] = [
      [() => (adds_one.flags = ['sleepy'] as never), /there is no flag sleepy; there are .*sleepable/],
      [() => (adds_one.flags = [-1]), /a flag is an integer/],
      [() => (adds_one.attachType = 'xpd' as never), /there is no such attach type; .*is xdp meant\?/],
      [() => adds_one.setType('nothing' as never), /there is no such type; .*xdp/],
      [() => adds_one.setInterface('no-such-port'), /ENODEV, there is no interface no-such-port here; .*lo/],
    ];
    for (const [change, text] of refusals) expect(change).toThrow(text);
  });

  it('has the function of another program for its target, which is opened for it', async () => {
    await using other = await replaced.load();
    const { asking } = other.programs;
    const { fd, info } = asking;
    for (const place of [asking, { fd }, { id: info.id }]) {
      await using opened = await replacement.open();
      expect(opened.programs.better.setAttachTarget('answering', place)).toBe(opened.programs.better);
    }
    await using opened = await replacement.open();
    const { better } = opened.programs;
    expect(() => better.setAttachTarget('asked', { id: info.id })).toThrow(
      `program ${info.id} has no asked that SEC("${better.section}") attaches to`,
    );
    expect(() => better.setAttachTarget('answering', 3 as never)).toThrow(
      /give a path, { id } or { fd }, not 3/,
    );
  });

  it('comes too late once the object is loaded, and then says so', async () => {
    const opened = await openOnly('adds_one');
    const { adds_one } = opened.programs;
    const { guarded } = opened.maps;
    const bpf = await opened.load();
    const late: (() => unknown)[] = [
      () => (adds_one.autoload = false),
      () => (adds_one.autoattach = false),
      () => (adds_one.flags = []),
      () => (adds_one.attachType = 'xdp'),
      () => (adds_one.verifierLog = 'full'),
      () => adds_one.setType('xdp'),
      () => adds_one.setInterface('lo'),
      () => adds_one.setInsns(asm`r0 = 0; exit`),
      () => adds_one.setAttachTarget('x'),
      () => (guarded.maxEntries = 2),
      () => guarded.setExclusiveProgram(adds_one),
      () => guarded.pinTo('/sys/fs/bpf/never'),
    ];
    const phase = expect.objectContaining({ code: 'ERR_BPF_PHASE' });
    for (const change of late) expect(change).toThrow(phase);
    await bpf.close();
    const closed = expect.objectContaining({ code: 'ERR_BPF_CLOSED' });
    for (const change of late) expect(change).toThrow(closed);
  });
});

/** Texts of instructions: bpftool's of loaded objects, and the verifier's of those that are newer than its clang. */
import { assembled, kfunc } from 'libbpf-ts';
import { asm, encodeInsns, type Insn, insnText } from 'libbpf-ts/asm';
import { dumpProgram } from 'libbpf-ts/inspect';
import { describe, expect, it } from 'vitest';
import { execsnoop } from '../../examples/execsnoop/execsnoop.bpf.js';
import { firewall } from '../../examples/testing/firewall.bpf.js';
import { Elf } from '../../lib/btf/index.js';
import { arena } from '../bpf/arena.bpf.js';
import { memory } from '../bpf/memory.bpf.js';
import { stream } from '../bpf/stream.bpf.js';
import { bpftool } from '../support/child.js';
import { thisKernel } from '../support/kernel.js';
import { obstacle } from '../support/need.js';

describe('loaded programs', () => {
  it.each([execsnoop, firewall, memory, stream])('$name has the text of bpftool', async object => {
    await using bpf = await object.load();
    for (const program of Object.values(bpf.programs)) {
      if (!program.loaded) continue;
      const { info, xlated } = await dumpProgram(program);
      const rows = bpftool('prog', 'dump', 'xlated', 'id', `${info.id}`) as { disasm?: string }[];
      const theirs = rows.flatMap(({ disasm }) => disasm ?? []);
      const ours = xlated.map(({ insn, text }) => {
        // This bpftool is older than what a kernel writes for a CPU's own memory.
        const known = insn.kind === 'percpu' ? `r${insn.dst} = r${insn.src}` : text;
        return `(${insn.code.toString(16).padStart(2, '0')}) ${known}`;
      });
      expect(ours).toEqual(theirs);
    }
  });
});

describe('what the kernel writes itself', () => {
  it('of atomic operations on an arena, reads as the program had it; bpftool knows it not', async () => {
    const atomics = (insns: readonly Insn[]) => insns.filter(({ kind }) => kind === 'atomic');
    await using opened = await arena.open();
    const written = [opened.programs.count, opened.programs.sum].map(each => atomics(each.insns()));
    await using bpf = await opened.load();
    for (const [at, program] of [bpf.programs.count, bpf.programs.sum].entries()) {
      const { info, xlated } = await dumpProgram(program);
      const [found, ...others] = atomics(xlated.map(({ insn }) => insn));
      expect([found?.code, others]).toEqual([0xfb, []]);
      expect(found && insnText(found)).toBe(insnText(written[at]?.[0] ?? expect.fail('no atomic operation')));
      const rows = bpftool('prog', 'dump', 'xlated', 'id', `${info.id}`) as { disasm?: string }[];
      expect(rows.filter(({ disasm }) => disasm?.includes('BUG'))).toMatchObject([{ disasm: 'BUG_fb' }]);
    }
  });
});

describe('an opened program', () => {
  it('lists what its file has, and once it is loaded what its maps were put into', async () => {
    const elf = Elf.parse(firewall.description.object.bytes(), 'firewall.bpf.o');
    await using opened = await firewall.open();
    const { programs } = opened;
    expect(encodeInsns(programs.firewall.insns())).toEqual(new Uint8Array(elf.section('xdp')?.bytes ?? []));
    expect(programs.firewall.insns().filter(({ kind }) => kind === 'map')).toEqual([]);
    await using bpf = await firewall.load();
    const maps = bpf.programs.firewall.insns().filter(({ kind }) => kind === 'map');
    expect(maps.map(({ imm }) => imm)).toEqual([bpf.maps.blocked.fd]);
  });
});

describe('instructions of newer kernels', () => {
  it('are assembled, verified under the same text, and run', async context => {
    const reason = obstacle({ since: '6.15', config: ['BPF_JIT'] }, thisKernel());
    if (reason !== undefined) context.skip(reason);
    const insns = asm`
      *(u64 *)(r10 -8) = 0
      r2 = 200; r0 = (s8)r2; w3 = (s16)w2; r4 = 17; r4 s/= -4; w5 = 17; w5 s%= w4
      *(u64 *)(r10 -16) = -2; r1 = *(s16 *)(r10 -16)
      r2 = bswap16 r2
      r6 = 3; r6 = atomic64_fetch_add((u64 *)(r10 -8), r6); r6 = atomic64_xchg((u64 *)(r10 -8), r6)
      r0 = 1; r0 = atomic64_cmpxchg((u64 *)(r10 -8), r0, r4)
      r7 = r10; r7 += -8; r1 = load_acquire((u64 *)(r7 +0)); store_release((u64 *)(r7 +0), r1)
      if r0 == 5 goto other
      gotol next
    other:
      r0 = 9
    next:
      may_goto end
    end:
      r0 = r4
      exit`;
    const opened = await assembled('newer', { main: { section: 'syscall', insns } }).open();
    opened.programs.main.verifierLog = 'full';
    await using bpf = await opened.load();
    expect(await bpf.programs.main.testRun()).toMatchObject({ retval: -4 });
    const log = bpf.programs.main.verification?.log ?? '';
    const lines = Array.from(log.matchAll(/^(\d+): \([\da-f]{2}\) (.*?)(?: +;.*)?$/gm));
    const seen = new Map(lines.map(([, index, text = '']) => [Number(index), text]));
    expect(seen.size).toBeGreaterThan(20);
    for (const [index, text] of seen) {
      const own = insns.find(each => each.index === index);
      expect(own && insnText(own)).toBe(text);
    }
  });
});

describe('functions of the kernel', () => {
  it('are called by name', async context => {
    const reason = obstacle({ since: '6.2', config: ['BPF_JIT', 'DEBUG_INFO_BTF'] }, thisKernel());
    if (reason !== undefined) context.skip(reason);
    const [lock, unlock] = [kfunc('bpf_rcu_read_lock'), kfunc('bpf_rcu_read_unlock')];
    const insns = asm`call ${lock}; call ${unlock}; r0 = 7; exit`;
    await using bpf = await assembled('locked', { main: { section: 'syscall', insns } }).load();
    expect(await bpf.programs.main.testRun()).toMatchObject({ retval: 7 });
    const { xlated } = await dumpProgram(bpf.programs.main);
    expect(xlated.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^call bpf_rcu_read_lock#/));
    expect(() => kfunc('bpf_no_such')).toThrow(
      /call bpf_no_such: ERR_BPF_ARGUMENT, the kernel, without its modules/,
    );
  });
});

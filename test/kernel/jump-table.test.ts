/** Insn arrays: programs jump where the places in them say. */
import { assembled, createMapSync, VerifierError } from 'libbpf-ts';
import { asm, type Insn, insnText } from 'libbpf-ts/asm';
import { map } from 'libbpf-ts/codec';
import { beforeEach, expect, it } from 'vitest';
import { jumpTable } from '../bpf/jump_table.bpf.js';
import { bpftool } from '../support/child.js';
import { need } from '../support/need.js';

beforeEach(context => need(context, 'map.insn_array'));

/** Packets whose lengths, without their Ethernet header, end in 0, 1, 2, 3. */
const packets = [0, 1, 2, 3].map(rest => new Uint8Array(14 + 64 + rest));
const places = () => createMapSync(map('insn_array'), { maxEntries: 4, name: 'places' });

/** A program that jumps to the place that is chosen by a packet's length. */
function choosing(table: { readonly fd: number }) {
  return asm`
    r2 = *(u32 *)(r1 +0)
    r2 &= 3
    r2 <<= 3
    r1 = ${table}[0]+0
    r1 += r2
    r1 = *(u64 *)(r1 +0)
    gotox r1
    r0 = 100; exit
    r0 = 101; exit
    r0 = 102; exit`;
}

it('is where a program jumps to, and tells where the instructions went', async () => {
  using table = places();
  const insns = choosing(table);
  const object = assembled('choice', { choose: { section: 'socket', insns } });
  const order = [102, 100, 101, 102];
  for (const [index, answer] of order.entries()) table.place(index, slotOf(answer, insns));
  const refused = await object.load().catch(error => error);
  expect(refused).toBeInstanceOf(VerifierError);
  expect(refused.diagnosis.mistake).toBe('insn-array');
  table.freeze();
  await using bpf = await object.load();
  const { choose } = bpf.programs;
  expect(packets.map(data => choose.testRunSync({ data }).retval)).toEqual(order);
  const offsets = [...table.values()];
  const { id } = choose.info;
  const lines = bpftool('prog', 'dump', 'xlated', 'id', String(id)) as { disasm: string }[];
  const rewritten = lines.flatMap(({ disasm }) => (disasm.startsWith('(18)') ? [disasm, ''] : [disasm]));
  const expected = order.map(answer => rewritten.indexOf(`(b7) r0 = ${answer}`));
  expect(offsets.map(({ xlatedOffset }) => xlatedOffset)).toEqual(expected);
  expect(expected).not.toContain(-1);
  expect(offsets[3]).toEqual(offsets[0]);
  expect(() => table.place(0, 0)).toThrow(/update map places: EPERM, .*frozen/);
});

it('serves one program, and has places for instructions of it alone', async () => {
  using table = places();
  for (const index of table.keys()) table.place(index, 1_000);
  expect(() => table.set(0, { originalOffset: 1, xlatedOffset: 2, jitedOffset: 0 })).toThrow(/EINVAL/);
  expect(() => table.place(4, 0)).toThrow(/E2BIG, .*indices are 0 to 3/);
  expect(() => table.place(0, 2 ** 32)).toThrow(/update map places|originalOffset/);
  table.freeze();
  const object = assembled('choice', { choose: { section: 'socket', insns: choosing(table) } });
  await expect(object.load()).rejects.toThrow(/insn array/);
});

/** Where the instruction stands that gives an answer. */
function slotOf(answer: number, insns: readonly Insn[]): number {
  return insns.find(each => insnText(each) === `r0 = ${answer}`)?.index ?? -1;
}

it('is made of the jump table that a compiler left in the object', async () => {
  await using bpf = await jumpTable.load();
  const { choose } = bpf.programs;
  expect(packets.map(data => choose.testRunSync({ data }).retval)).toEqual([102, 100, 101, 102]);
});

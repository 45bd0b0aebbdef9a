/** Programs from assembly: loaded, attached and run as any other. */
import { assembled, createMap, VerifierError } from 'libbpf-ts';
import { asm, insnText } from 'libbpf-ts/asm';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';

const frame = new Uint8Array(64);

describe('an assembled object', () => {
  it('uses maps, helpers, atomics and functions, and runs', async () => {
    using counts = await createMap(map('array', u32, u64), { maxEntries: 1 });
    const insns = asm`
      r6 = r1
      r1 = 0
      call count
      r1 = ${counts}[0]+0 // its only element, by its address
      r2 = 5
      lock *(u64 *)(r1 +0) += r2
      r0 = 2
      exit
    count:
      *(u32 *)(r10 -4) = r1
      r1 = ${counts}
      r2 = r10
      r2 += -4
      call bpf_map_lookup_elem
      if r0 == 0 goto none
      r1 = 1
      lock *(u64 *)(r0 +0) += r1
    none:
      r0 = 0
      exit`;
    const programs = {
      pass: { section: 'xdp', insns },
      keep: { section: 'socket', insns: asm`r0 = -1; exit` },
    } as const;
    const object = assembled('mixed', programs);
    await using opened = await object.open();
    expect(opened.programs.pass.insns().map(each => insnText(each))).toContain('call pc-1');
    await using bpf = await opened.load();
    expect(bpf.programs.pass.testRunSync({ data: frame, repeat: 10 })).toMatchObject({ retval: 2 });
    expect(await bpf.programs.keep.testRun({ data: frame })).toMatchObject({ retval: -1 });
    expect(counts.get(0)).toBe(60n);
    const loaded = bpf.programs.pass.insns();
    expect(loaded.map(each => insnText(each))).toEqual(insns.map(each => insnText(each)));
  });

  it('is rejected with the instruction that is wrong', async () => {
    const wrong = assembled('wrong', {
      read: { section: 'xdp', insns: asm`r0 = *(u64 *)(r1 + 4000); exit` },
    });
    const error = await wrong.load().catch(error => error);
    expect(error).toBeInstanceOf(VerifierError);
    expect(error.diagnosis.instruction).toMatchObject({ index: 0, text: 'r0 = *(u64 *)(r1 +4000)' });
  });

  it('is rejected at the line that it was made of', async () => {
    const line = { file: 'wrong.txt', text: 'read too far', line: 7 };
    const wrong = assembled('wrong', {
      read: {
        section: 'xdp',
        insns: asm`r0 = *(u64 *)(r1 + 4000); exit`,
        lines: [{ index: 0, column: 3, ...line }],
      },
    });
    const error = await wrong.load().catch(error => error);
    expect(error.diagnosis.source).toMatchObject(line);
  });

  it('has callbacks, which the kernel takes as functions of their own', async () => {
    const insns = asm`
      r1 = 10
      r2 = subprog[add]
      r3 = r10
      r3 += -8
      r0 = 0
      *(u64 *)(r10 -8) = r0
      r4 = 0
      call bpf_loop
      r0 = *(u64 *)(r10 -8)
      exit
    add:
      r0 = *(u64 *)(r2 +0)
      r0 += r1
      *(u64 *)(r2 +0) = r0
      r0 = 0
      exit`;
    await using bpf = await assembled('sum', { sum: { section: 'socket', insns } }).load();
    expect(await bpf.programs.sum.testRun({ data: frame })).toMatchObject({ retval: 45 });
  });

  it('is licensed as is said', async () => {
    const insns = asm`r1 = 0; r2 = 0; r3 = 0; call bpf_trace_printk; r0 = 0; exit`;
    const proprietary = assembled('closed', { print: { section: 'raw_tp/sys_enter', insns } }, 'Proprietary');
    await expect(proprietary.load()).rejects.toThrow(/GPL/i);
  });
});

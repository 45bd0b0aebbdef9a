/** The verifier's log, in the formats of old and new kernels. The gallery in test/kernel has real ones. */
import { describe, expect, it } from 'vitest';
import { diagnose, logsIn } from '../../../lib/verifier/index.js';

const old = `Unrecognized arg#0 type PTR
; __u32 key = 0;
0: (b7) r1 = 0
1: (63) *(u32 *)(r10 -4) = r1
last_idx 1 first_idx 0
regs=2 stack=0 before 0: (b7) r1 = 0
2: (85) call bpf_map_lookup_elem#1
3: R0=map_value_or_null(id=1,off=0,ks=4,vs=8,imm=0) R10=fp0 fp-8=mmmm????
; return *value;
3: (79) r0 = *(u64 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'
processed 4 insns (limit 1000000) max_states_per_insn 0 total_states 2 peak_states 3 mark_read 1
`;

const leak = `0: (85) call bpf_ringbuf_reserve#131          ; R0_w=ringbuf_mem_or_null(id=2,ref_obj_id=2,sz=8) refs=2
; if (!event) return 0; @ x.bpf.c:7
1: (15) if r0 == 0x0 goto pc+1        ; R0_w=ringbuf_mem(ref_obj_id=2,sz=8) refs=2
; } @ x.bpf.c:9
2: (95) exit
Unreleased reference id=2 alloc_insn=0
processed 3 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

const reported = `; return unset; @ x.bpf.c:3:2
0: R1=ctx() R10=fp0
0: (bf) r0 = r7
R7 !read_ok

Verification failed: Register Type Safety: Register without a value

Reason:
  R7 has no value here,
  so nothing can be read.

At:
  insn 0
        | ^-- error: R7
  >>> 0 | (bf) r0 = r7

Suggestion:
  Set R7 before.

processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

describe('a log', () => {
  it('of Linux 5.10 has its verdict, instruction, registers and figures', () => {
    expect(diagnose(old)).toMatchObject({
      verdict: "R0 invalid mem access 'map_value_or_null'",
      mistake: 'null-check',
      instruction: { index: 3, text: 'r0 = *(u64 *)(r0 +0)' },
      registers: { R0: 'map_value_or_null(id=1,off=0,ks=4,vs=8,imm=0)', R10: 'fp0', 'fp-8': 'mmmm????' },
      statistics: { instructionsProcessed: 4, totalStates: 2, peakStates: 3 },
      source: undefined,
      report: undefined,
    });
  });

  it('of a leak names the instruction that acquired', () => {
    const { instruction, mistake, registers, summary } = diagnose(leak);
    expect(instruction).toEqual({ index: 0, text: 'call bpf_ringbuf_reserve#131' });
    expect(mistake).toBe('unreleased-reference');
    expect(registers.R0).toBe('ringbuf_mem(ref_obj_id=2,sz=8)');
    expect(summary).toBe('0: call bpf_ringbuf_reserve#131\nUnreleased reference id=2 alloc_insn=0');
  });

  it('of Linux 7.3 has file and line, and the report with its own reason and remedy', () => {
    expect(diagnose(reported)).toMatchObject({
      verdict: 'R7 !read_ok',
      mistake: 'uninitialized-register',
      source: { file: 'x.bpf.c', line: 3, text: 'return unset;' },
      why: 'R7 has no value here, so nothing can be read.',
      remedy: 'Set R7 before.',
      report: { title: 'Register Type Safety: Register without a value' },
      statistics: { instructionsProcessed: 1 },
    });
  });

  it('without words has a verdict all the same', () => {
    const { verdict, mistake, summary } = diagnose('processed 0 insns (limit 1000000)\n');
    expect({ verdict, mistake }).toEqual({ verdict: 'it did not say why', mistake: undefined });
    expect(summary).not.toBe('');
  });

  it.each([
    ['R0 leaks addr into map', 'pointer-leak'],
    ['back-edge from insn 7 to 3', 'back-edge'],
    ['BPF program is too large. Processed 1000001 insn', 'too-many-instructions'],
    ['calling kernel function bpf_x is not allowed', 'kfunc-not-allowed'],
    ['helper call might sleep in a non-sleepable prog', 'sleepable'],
    ['Expected an initialized dynptr as arg #0', 'uninitialized-object'],
    ['R1 must be referenced or trusted', 'untrusted-pointer'],
    ['bpf_lsm_x() is not modifiable', 'attach-target'],
    ["Global function f() doesn't return scalar. Only those are supported.", 'function-argument'],
  ])('%s: %s', (words, mistake) => {
    expect(diagnose(`${words}\n`)).toMatchObject({ verdict: words, mistake });
  });

  it.each([
    ['<byte_off> [5] struct task.signal.x (0:0:1 @ offset 8)', 'byte_off', 'struct task', 'signal.x'],
    ['<enumval_value> [7] enum bpf_func_id::X = 3', 'enumval_value', 'enum bpf_func_id', 'X'],
    ['<type_size> [2] struct none', 'type_size', 'struct none', undefined],
  ])('of a relocation %s', (text, kind, type, field) => {
    const { relocation } = diagnose(
      `1: <invalid CO-RE relocation>\nfailed to resolve CO-RE relocation ${text}\n`,
    );
    expect(relocation).toEqual({ kind, type, field });
  });
});

describe('a log that a program wrote into', () => {
  const units = [' ', ' R1=(', '; ', '1', 'a ', "prog 'a': -- BEGIN PROG LOAD LOG --\n"];
  const heads = ['', '1: (bf) ', '; ', 'from 1 to 2'];

  it.each(units.flatMap(unit => heads.map(head => [head, unit])))(
    'is read soon: %j and many %j',
    (head, unit) => {
      const log = head + unit.repeat(100_000 / unit.length);
      const start = process.cpuUsage().user;
      for (const tail of ['', 'x']) for (const read of [diagnose, logsIn]) read(log + tail);
      expect(process.cpuUsage().user - start).toBeLessThan(1_000_000);
    },
  );
});

/** The assembler: the disassembler's own text, clang's assembler beside it, and what it says of mistakes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asm, assemble, decodeInsns, encodeInsns, insnText } from '../../../lib/asm/index.js';
import { Elf, executable, sectionTypes } from '../../../lib/btf/index.js';
import { BpfError } from '../../../lib/errors/bpf-error.js';
import { compile, run } from '../../support/clang.js';

const objects = ['test/bpf', 'examples'].flatMap(folder => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter(name => name.endsWith('.bpf.o')).map(name => join(folder, name));
});

describe('the text of an object', () => {
  it.each(objects)('%s becomes its instructions again', path => {
    const { sections } = Elf.parse(new Uint8Array(readFileSync(path)), path);
    for (const { type, flags, bytes } of sections) {
      if (type !== sectionTypes.progbits || (flags & executable) === 0) continue;
      const text = decodeInsns(bytes).map(each => insnText(each));
      expect(encodeInsns(assemble(text.join('\n')))).toEqual(bytes);
    }
  });
});

/** Everything that clang 14 assembles, in its own words. */
const source = `
  r1 = 5; w2 = -7; r3 = 0x1234567890abcdef ll; r4 = -1 ll
  r1 = r2; w3 = w4; r1 += 3; w1 -= 4; r5 *= r6; w5 /= w6; r7 |= 9; w8 &= 0xff; r1 <<= 32; w2 >>= 5
  w5 ^= 1; r6 s>>= 7; w7 s>>= w8; r9 = -r9; w1 = -w1
  r1 = be16 r1; r2 = be32 r2; r3 = be64 r3; r4 = le16 r4; r5 = le32 r5; r6 = le64 r6
  r1 = *(u8 *)(r2 + 0); r1 = *(u16 *)(r2 - 4); r1 = *(u32 *)(r10 - 8); r3 = *(u64 *)(r1 + 32767)
  *(u8 *)(r10 - 1) = r2; *(u16 *)(r1 + 2) = r2; *(u32 *)(r1 + 4) = r2; *(u64 *)(r1 + 8) = r2
  lock *(u32 *)(r1 + 4) += r2; lock *(u64 *)(r1 + 8) += r2; lock *(u64 *)(r1 + 8) |= r2
  lock *(u64 *)(r1 + 8) &= r2; lock *(u64 *)(r1 + 8) ^= r2
  r0 = *(u16 *)skb[12]; r0 = *(u8 *)skb[r7]
again:
  if r1 == 4 goto again; if r1 > r2 goto out; if w1 >= 4 goto +1; if w4 != w5 goto again
  if r1 s> -1 goto out; if r2 s>= r3 goto out; if w1 < 3 goto out; if r4 <= 0xffffffff goto out
  if w5 s< 0 goto again; if w6 s<= w7 goto out
  call 14; goto again
out:
  exit`;

describe('the assembler', () => {
  it('writes what clang writes', () => {
    // clang knows one instruction a line, this register form of it, and constants with their sign.
    const theirs = source.replace(/;/g, '\n').replace('skb[r7]', 'skb[r7]').replace('0xffffffff', '-1');
    const body = theirs.replace(/\n/g, '\\n\\\n');
    const c = `__attribute__((naked, section("s"))) void f(void) { asm volatile("${body}"); }`;
    const { bytes } = compile(c, 'bpfel', ['-mcpu=v3', '-mllvm', '-mattr=+alu32']);
    const section = Elf.parse(bytes, 'x.o').section('s');
    const ours = assemble(source.replace('skb[r7]', 'skb[r7 + 0]').replace('r4 <= 0xffffffff', 'r4 <= -1'));
    expect(ours.map(each => insnText(each))).toEqual(
      decodeInsns(section?.bytes ?? new Uint8Array()).map(each => insnText(each)),
    );
    expect(encodeInsns(ours)).toEqual(new Uint8Array(section?.bytes ?? []));
  });

  it.each([
    'r3 %= r4',
    'if r3 & 0x8 goto pc+1',
    'r2 = atomic64_fetch_add((u64 *)(r1 +8), r2)',
    'r2 = atomic_fetch_xor((u32 *)(r1 -8), r2)',
    'r1 = (s8)r2',
    'w1 = (s16)w2',
    'r1 = (s32)r2',
    'r1 s/= r2',
    'w1 s%= 7',
    'r1 = *(s8 *)(r2 +4)',
    'r1 = *(s32 *)(r2 -4)',
    'r1 = bswap64 r1',
    'gotol pc-70000',
    'may_goto pc+3',
    'gotox r1',
    'r1 = addr_space_cast(r2, 0, 1)',
    'r1 = &(void __percpu *)(r2)',
    'r2 = atomic_xchg((u32 *)(r1 +8), r2)',
    'r0 = atomic64_cmpxchg((u64 *)(r1 -8), r0, r2)',
    'r1 = load_acquire((u8 *)(r2 +0))',
    'store_release((u16 *)(r1 +0), r2)',
    '*(u64 *)(r1 +8) = -1',
    'r1 = map[fd:3]',
    'r1 = map[fd:3][0]+8',
    'r1 = map[idx:0]',
    'r1 = map[idx:1]+16',
    'r1 = btf[id:77]+5',
    'r1 = subprog[+6]',
    'r1 = 0xffffffffffffffff',
    'call kernel-function#42',
    'call pc-3',
    'call bpf_loop#181',
    'nospec',
  ])('reads %s', text => {
    expect(assemble(text).map(each => insnText(each))).toEqual([text]);
  });

  it('knows helpers by name, places by label and maps by themselves', () => {
    const lines = asm`
      r1 = ${{ fd: 7 }}; r2 = ${{ fd: 7 }}[0]+${16}
      call bpf_map_lookup_elem // a comment
      call double
    top: gotol top; if r0 == ${5} goto top
      r2 = subprog[double]; exit
    double:
      r0 <<= 1
      exit`;
    expect(lines.map(each => `${each.index}: ${insnText(each)}`)).toEqual([
      '0: r1 = map[fd:7]',
      '2: r2 = map[fd:7][0]+16',
      '4: call bpf_map_lookup_elem#1',
      '5: call pc+5',
      '6: gotol pc-1',
      '7: if r0 == 0x5 goto pc-2',
      '8: r2 = subprog[+2]',
      '10: exit',
      '11: r0 <<= 1',
      '12: exit',
    ]);
  });

  it.each([
    [
      'r1 = 1\nr11 = 2',
      /assemble line 2: r11 = 2: ERR_BPF_ARGUMENT, there are registers r0 to r10, and no r11/,
    ],
    ['r1 += 0x1ffffffff', /0x1ffffffff does not fit into 32 bits/],
    ['r1 = 0x1ffffffffffffffff', /does not fit into 64 bits/],
    ['*(u8 *)(r1 + 40000) = 1', /an offset of 40000 does not fit into 16 bits/],
    ['goto nowhere', /there is no label nowhere, and no helper of that name/],
    ['call bpf_nothing', /there is no label bpf_nothing/],
    ['a: exit; a: exit', /there are two labels a/],
    ['r1 ** r2', /there is no operator \*\*/],
    ['if r1 = r2 goto +1', /there is no comparison =/],
    ['r1 += w2', /both registers are r…, or both are w…/],
    ['r2 = atomic_fetch_add((u64 *)(r1 +0), r3)', /the old value goes into r3/],
    ['r1 = be16 r2', /bytes are swapped within one register/],
    ['mov r1, r2', /no instruction is written like this/],
  ])('refuses %s', (text, message) => {
    expect(() => assemble(text)).toThrow(message);
  });

  it('refuses whatever is damaged, and never with anything but its own error', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const lines = source.split(/[;\n]/);
    const letters = 'rw0123456789+-*/()[]{}=<>!&|^%$ .:_#xpcs';
    let refused = 0;
    for (let round = 0; round < 5_000; round++) {
      const line = [...(lines[random(lines.length)] ?? '')];
      for (let n = 0; n < 3; n++)
        line.splice(random(line.length + 1), random(3), letters[random(letters.length)] ?? '');
      try {
        const insns = assemble(line.join(''));
        expect(decodeInsns(encodeInsns(insns))).toEqual(insns);
      } catch (error) {
        expect(error).toBeInstanceOf(BpfError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1_000);
  });

  it('says where a jump is too long', () => {
    const text = `goto far\n${'r1 = 1\n'.repeat(40_000)}far: exit`;
    expect(() => assemble(text)).toThrow(/far is 40000 instructions away, .* use gotol/);
    expect(assemble(text.replace('goto', 'gotol'))[0]).toMatchObject({ imm: 40_000 });
  });

  it('is written as the tools that read it expect', async () => {
    const { assembledObject } = await import('../../../lib/asm/assembled-object.js');
    const { writeFileSync } = await import('node:fs');
    const { temporary } = await import('../../support/temporary.js');
    const insns = asm`call twice; r2 = subprog[twice]; exit; twice: r0 = 2; exit`;
    const path = temporary('assembled.bpf.o');
    writeFileSync(
      path,
      assembledObject({ main: { section: 'xdp', insns }, other: { section: 'tc', insns } }, 'GPL'),
    );
    const text = run('llvm-objdump', '-dr', path);
    expect(text).toMatch(/section xdp:\s+0+ <main>:\s+0:.*call -1\s+0+:\s+R_BPF_64_32\s+main_4/);
    expect(text).toMatch(/R_BPF_64_64\s+other_4/);
    expect(run('readelf', '-SW', path)).toMatch(/license +PROGBITS[^\n]+ WA /);
    expect(run('readelf', '-sW', path)).toMatch(/FUNC +GLOBAL DEFAULT +\d+ main\n/);
  });
});

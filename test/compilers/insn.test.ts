/** Instructions of every object in the tests, as llvm-objdump reads them; and those that are newer than it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeInsns, encodeInsns, insn, insnTarget, insnText } from '../../lib/asm/index.js';
import { Elf, executable, sectionTypes } from '../../lib/btf/index.js';
import { compile, run } from '../support/clang.js';

const objects = ['test/bpf', 'examples'].flatMap(folder => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter(name => name.endsWith('.bpf.o')).map(name => join(folder, name));
});

/** Instructions and what llvm-objdump calls them, by section. */
function sections(path: string) {
  const elf = Elf.parse(new Uint8Array(readFileSync(path)), path);
  const code = elf.sections.filter(({ type, flags, size }) => {
    return type === sectionTypes.progbits && (flags & executable) !== 0 && size > 0;
  });
  const texts = run('llvm-objdump', '-d', path).split('Disassembly of section ').slice(1);
  const theirs = new Map(texts.map(text => [text.slice(0, text.indexOf(':\n')), text]));
  return code.map(({ name, bytes }) => ({ bytes, theirs: linesOf(theirs.get(name) ?? '') }));
}

/** Number, tab, bytes, tab, text. */
function linesOf(text: string): string[] {
  return Array.from(text.matchAll(/^ +(\d+):\t[0-9a-f ]+\t(.*)$/gm), ([, index, line = '']) => {
    return `${index}: ${asVerifier(line)}`;
  });
}

/** The same in the verifier's words, which differ in signs, distances and constants. */
function asVerifier(text: string): string {
  return text
    .replace(/ <\S+>$/, '')
    .replace(/\(r(\d+) ([+-]) (\d+)\)/, '(r$1 $2$3)')
    .replace(/goto ([+-]\d+)$/, 'goto pc$1')
    .replace(/^(if .*) (-?\d+) goto/, (_, start, number) => `${start} 0x${(number >>> 0).toString(16)} goto`)
    .replace(/(-?\d+) ll$/, (_, number) => `0x${BigInt.asUintN(64, BigInt(number)).toString(16)}`)
    .replace(/ = atomic_(.*\(u64)/, ' = atomic64_$1')
    .trim();
}

/** Calls have no names there, and this version knows neither address spaces nor indirect jumps. */
function asObjdump(text: string): string {
  return text
    .replace(/call (\S+#|pc\+?)/, 'call ')
    .replace(/addr_space_cast\((r\d+), .*/, '$1')
    .replace(/^gotox r\d+$/, '<unknown>');
}

describe('instructions of objects', () => {
  it.each(objects)('%s', path => {
    for (const { bytes, theirs } of sections(path)) {
      const insns = decodeInsns(bytes);
      const ours = insns.map(each => `${each.index}: ${asObjdump(insnText(each))}`);
      expect(ours).toEqual(theirs);
      expect(encodeInsns(insns)).toEqual(bytes);
    }
  });

  it('are many', () => {
    expect(objects.length).toBeGreaterThan(40);
  });

  it('of the other byte order are the same', () => {
    const source =
      '__attribute__((section("s"))) int f(int *a) { return a[1] * 7 == 2 ? a[2] : (long)a > 9; }';
    const of = (target: string) => Elf.parse(compile(source, target).bytes, target).section('s')?.bytes;
    const [little = new Uint8Array(), big = new Uint8Array()] = [of('bpfel'), of('bpfeb')];
    expect(decodeInsns(big, false).map(each => insnText(each))).toEqual(
      decodeInsns(little).map(each => insnText(each)),
    );
    expect(encodeInsns(decodeInsns(big, false), false)).toEqual(big);
  });
});

describe('instructions', () => {
  // Bytes as the kernel's documentation of the instruction set gives them.
  it.each([
    ['bf 21 08 00 00 00 00 00', 'r1 = (s8)r2'],
    ['bc 21 10 00 00 00 00 00', 'w1 = (s16)w2'],
    ['3f 21 01 00 00 00 00 00', 'r1 s/= r2'],
    ['94 01 01 00 07 00 00 00', 'w1 s%= 7'],
    ['91 21 04 00 00 00 00 00', 'r1 = *(s8 *)(r2 +4)'],
    ['d7 01 00 00 10 00 00 00', 'r1 = bswap16 r1'],
    ['dc 01 00 00 20 00 00 00', 'r1 = be32 r1'],
    ['d4 01 00 00 40 00 00 00', 'r1 = le64 r1'],
    ['06 00 00 00 ff ff ff ff', 'gotol pc-1'],
    ['e5 00 03 00 00 00 00 00', 'may_goto pc+3'],
    ['0d 01 00 00 00 00 00 00', 'gotox r1'],
    ['bf 21 01 00 01 00 00 00', 'r1 = addr_space_cast(r2, 0, 1)'],
    ['bf 21 ff ff 00 00 00 00', 'r1 = &(void __percpu *)(r2)'],
    ['db 21 08 00 01 00 00 00', 'r2 = atomic64_fetch_add((u64 *)(r1 +8), r2)'],
    ['c3 21 08 00 e1 00 00 00', 'r2 = atomic_xchg((u32 *)(r1 +8), r2)'],
    ['db 21 f8 ff f1 00 00 00', 'r0 = atomic64_cmpxchg((u64 *)(r1 -8), r0, r2)'],
    ['d3 21 00 00 00 01 00 00', 'r1 = load_acquire((u8 *)(r2 +0))'],
    ['cb 21 00 00 10 01 00 00', 'store_release((u16 *)(r1 +0), r2)'],
    // As `linux/filter.h` has them, for memory that may fault and for arenas.
    ['39 21 08 00 00 00 00 00', 'r1 = *(u64 *)(r2 +8)'],
    ['51 21 08 00 00 00 00 00', 'r1 = *(s8 *)(r2 +8)'],
    ['b9 21 08 00 00 00 00 00', 'r1 = *(u64 *)(r2 +8)'],
    ['d1 21 08 00 00 00 00 00', 'r1 = *(s8 *)(r2 +8)'],
    ['bb 21 08 00 00 00 00 00', '*(u64 *)(r1 +8) = r2'],
    ['a2 01 08 00 07 00 00 00', '*(u32 *)(r1 +8) = 7'],
    ['fb 21 08 00 00 00 00 00', 'lock *(u64 *)(r1 +8) += r2'],
    ['e3 21 08 00 e1 00 00 00', 'r2 = atomic_xchg((u32 *)(r1 +8), r2)'],
    ['85 00 00 00 01 00 00 00', 'call bpf_map_lookup_elem#1'],
    ['85 20 00 00 2a 00 00 00', 'call kernel-function#42'],
    ['85 10 00 00 05 00 00 00', 'call pc+5'],
    ['28 00 00 00 0c 00 00 00', 'r0 = *(u16 *)skb[12]'],
    ['50 70 00 00 00 00 00 00', 'r0 = *(u8 *)skb[r7 + 0]'],
    ['18 11 00 00 03 00 00 00 00 00 00 00 00 00 00 00', 'r1 = map[fd:3]'],
    ['18 21 00 00 03 00 00 00 00 00 00 00 08 00 00 00', 'r1 = map[fd:3][0]+8'],
    ['18 41 00 00 06 00 00 00 00 00 00 00 00 00 00 00', 'r1 = subprog[+6]'],
    ['18 01 00 00 ff ff ff ff 00 00 00 00 ff ff ff ff', 'r1 = 0xffffffffffffffff'],
  ])('%s is %s', (hex, text) => {
    const bytes = Uint8Array.from(hex.split(' '), byte => Number.parseInt(byte, 16));
    const insns = decodeInsns(bytes);
    expect(insns.map(each => insnText(each))).toEqual([text]);
    expect(encodeInsns(insns)).toEqual(bytes);
  });

  it('take the names that they are given', () => {
    const call = insn({ code: 0x85, src: 2, imm: 7 });
    expect(insnText(call, { call: ({ kind }) => `a_${kind}` })).toBe('call a_kfunc#7');
    const map = insn({ code: 0x18, src: 1, dst: 1, imm: 5, next: 0 });
    expect(insnText(map, { constant: ({ kind, imm }) => `${kind}[id:${imm}]` })).toBe('r1 = map[id:5]');
  });

  it('tell where they lead', () => {
    expect(insnTarget(insn({ index: 4, code: 0x05, off: -2 }))).toBe(3);
    expect(insnTarget(insn({ index: 4, code: 0x06, imm: 70_000 }))).toBe(70_005);
    expect(insnTarget(insn({ index: 4, code: 0x95 }))).toBeUndefined();
  });

  it('that no kernel knows come back as they were', () => {
    let seed = 1;
    const random = () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed >>> 16;
    };
    for (let round = 0; round < 2_000; round++) {
      const bytes = Uint8Array.from({ length: 40 }, random);
      if (round % 2 === 0) bytes[0] = 0x18; // now and then with a second slot that is clean
      if (round % 4 === 0) bytes.fill(0, 8, 12);
      const insns = decodeInsns(bytes);
      expect(encodeInsns(insns)).toEqual(bytes);
      for (const each of insns) expect(insnText(each)).not.toMatch(/undefined|NaN/);
    }
  });

  it('are whole', () => {
    expect(() => decodeInsns(new Uint8Array(12))).toThrow(/ERR_BPF_VALUE, 12 bytes are no whole number/);
  });
});

/** Damaged objects: each is either read or refused with a BpfError, soon. */
import { readFileSync } from 'node:fs';
import { expect, it, describe as suite } from 'vitest';
import { ElfWriter } from '../../lib/asm/elf-writer.js';
import { Btf, Elf } from '../../lib/btf/index.js';
import { codecOf } from '../../lib/codec/index.js';
import { describeObject } from '../../lib/gen/index.js';
import { compile } from '../support/clang.js';
import { damaged, numbers, ownTime, type Region, readAll, succeeds } from '../support/damage.js';
import { assemble } from '../unit/btf/kinds.js';

const source = readFileSync(new URL('rich.bpf.c', import.meta.url), 'utf8');

suite.each(['bpfel', 'bpfeb'])('damaged objects for %s', target => {
  const { bytes } = compile(source, target);

  it('are read or refused, whichever byte is wrong', { timeout: 60_000 }, () => {
    const below = numbers(7);
    const btf = Elf.parse(bytes, 'x.bpf.o').section('.BTF') ?? expect.fail();
    const regions: Region[] = [
      [0, 64],
      [0, bytes.length],
      [btf.offset, btf.size],
      [btf.offset, Math.floor(btf.size / 2)],
      [bytes.length - 2048, 2048],
    ];
    let [slowest, wereRead] = [0, 0];
    for (let run = 0; run < 300; run++) {
      const input = damaged(bytes, regions[run % regions.length] ?? expect.fail(), below);
      const start = ownTime();
      wereRead += Number(readAll(input));
      slowest = Math.max(slowest, ownTime() - start);
    }
    expect(slowest).toBeLessThan(1000);
    expect(wereRead).toBeGreaterThan(60);
    expect(wereRead).toBeLessThan(300);
  });

  it('are read or refused, wherever they end', { timeout: 60_000 }, () => {
    for (let length = 0; length < bytes.length; length += length < 256 ? 1 : 97) {
      const start = ownTime();
      readAll(bytes.slice(0, length));
      expect(ownTime() - start).toBeLessThan(1000);
    }
  });

  it('are read or refused, types alone, some thousand times', { timeout: 60_000 }, () => {
    const below = numbers(11);
    const text =
      'struct a { int x : 3; char s[4]; struct { long q; } n[2]; } a; enum e { A } e; union u { int *p; } u;';
    const types = (
      Elf.parse(compile(text, target).bytes, 'x').section('.BTF') ?? expect.fail()
    ).bytes.slice();
    let wereRead = 0;
    for (let run = 0; run < 1000; run++)
      wereRead += Number(readAll(damaged(types, [0, types.length], below)));
    expect(wereRead).toBeGreaterThan(100);
    expect(wereRead).toBeLessThan(1000);
  });
});

suite('types that no compiler makes', () => {
  const struct = (members: number[], size = 4) => [0, (4 << 24) | (members.length / 3), size, ...members];
  const refused = (words: readonly number[]) => {
    const btf = Btf.parse(assemble(words, '\0a\0b\0'), 'x.btf');
    expect(() => codecOf(btf, 1)).toThrow(expect.objectContaining({ code: 'ERR_BPF_BTF' }));
    const type = btf.get(1);
    const uses = [() => `${type}`, () => type.toLayout(), () => type.member('b.a'), () => btf.toC()];
    for (const use of uses) {
      const start = ownTime();
      succeeds(use);
      expect(ownTime() - start).toBeLessThan(1000);
    }
  };

  it('a typedef of itself', () => refused([1, 8 << 24, 1]));
  it('a struct that contains itself', () => refused(struct([1, 1, 0])));
  it('an anonymous struct in itself', () => refused(struct([0, 1, 0])));
  it('an array of itself', () => refused([0, 3 << 24, 0, 1, 1, 2]));
  it('a member of a type that is not there', () => refused(struct([1, 77, 0])));
  it('an array of 4 billion empty structs', () => {
    refused([...[0, 3 << 24, 0, 2, 2, 0xffffffff], ...struct([], 0)]);
  });

  it('structs that each hold the next twice at one place', () => {
    const levels = Array.from({ length: 40 }, (_, i) => struct([1, i + 2, 0, 3, i + 2, 0]));
    refused([...levels.flat(), 0, 1 << 24, 4, 32]);
  });

  it('anonymous empty structs that each hold the next twice', () => {
    const levels = Array.from({ length: 40 }, (_, i) => struct([0, i + 2, 0, 0, i + 2, 0]));
    refused([...levels.flat(), ...struct([])]);
  });
});

suite('what stands in an object many times', () => {
  const int = [0, 1 << 24, 4, 32];

  /** A section of one static variable, listed again and again. */
  const listed = (count: number) => {
    const section = [
      3,
      (15 << 24) | count,
      4 * count,
      ...Array.from({ length: count }, (_, i) => [2, 4 * i, 4]).flat(),
    ];
    const elf = new ElfWriter(true);
    elf.section('.BTF', 'plain', assemble([...int, 1, 14 << 24, 1, 0, ...section], '\0a\0.bss\0'));
    elf.section('.bss', 'data', new Uint8Array(4 * count));
    return elf.bytes();
  };

  it('is read in time that grows as it does: one variable, 20,000 times', () => {
    const start = ownTime();
    const { globals } = describeObject(listed(20_000), 'x');
    expect(ownTime() - start).toBeLessThan(2000);
    expect(globals.bss?.size).toBe(80_000);
  });

  it('is refused as text: a struct without a name in thousands of others', () => {
    const members = Array.from({ length: 20_000 }, (_, i) => [1, 1, i * 32]).flat();
    const inner = [0, (4 << 24) | 20_000, 80_000, ...members];
    const others = Array.from({ length: 4000 }, () => [1, (4 << 24) | 1, 80_000, 1, 2, 0]).flat();
    const btf = Btf.parse(assemble([...int, ...inner, ...others], '\0a\0'), 'x.btf');
    expect(() => btf.toC()).toThrow(
      /^read x\.btf: ERR_BPF_BTF, the types would be more than \d+ characters of C/,
    );
  });

  it('is refused as text: functions that take functions twice', () => {
    const levels = Array.from({ length: 40 }, (_, i) => [0, (13 << 24) | 2, 0, 1, i + 2, 1, i + 2]);
    const btf = Btf.parse(assemble([...levels.flat(), ...int], '\0a\0'), 'x.btf');
    expect(() => `${btf.get(1)}`).toThrow(/is part of a chain of more than/);
  });
});

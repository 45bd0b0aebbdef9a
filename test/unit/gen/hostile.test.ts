/** Damaged objects: each is either read or refused with a BpfError, soon. */
import { readFileSync } from 'node:fs';
import { expect, it, describe as suite } from 'vitest';
import { Btf, Elf } from '../../../lib/btf/index.js';
import { codecOf, decode } from '../../../lib/codec/index.js';
import { BpfError } from '../../../lib/errors.js';
import { describe } from '../../../lib/gen/index.js';
import { compile } from '../../support/clang.js';
import { assemble } from '../btf/kinds.js';

const source = readFileSync(new URL('rich.bpf.c', import.meta.url), 'utf8');

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), state | 1);
    const value = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61));
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

/** Reads everything from an object; milliseconds, and whether its types could be read. */
function readAll(bytes: Uint8Array): { time: number; isRead: boolean } {
  const start = performance.now();
  succeeds(() => describe(bytes, 'x.bpf.o'));
  const isRead = succeeds(() => {
    const btf = Btf.fromElf(Elf.parse(bytes, 'x.bpf.o'));
    for (let id = 1; id < btf.count; id++) succeeds(() => readType(btf, id));
  });
  return { time: performance.now() - start, isRead };
}

function readType(btf: Btf, id: number): void {
  btf.alignOf(id);
  const codec = codecOf(btf, id);
  if (codec.size < 4096) decode(codec, new Uint8Array(codec.size).fill(0xa5));
}

/** Only a BpfError may be thrown. */
function succeeds(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof BpfError) return false;
    throw error;
  }
}

suite.each(['bpfel', 'bpfeb'])('damaged objects for %s', target => {
  const { bytes } = compile(source, target);
  const interesting = [0, 1, 0x7f, 0x80, 0xff];

  it('are read or refused, whichever byte is wrong', { timeout: 60_000 }, () => {
    const below = numbers(7);
    const elf = Elf.parse(bytes, 'x.bpf.o');
    const btf = elf.section('.BTF') ?? expect.fail();
    const regions = [
      [0, 64],
      [0, bytes.length],
      [btf.offset, btf.size],
      [btf.offset, btf.size / 2],
      [bytes.length - 2048, 2048],
    ] as const;
    let [slowest, wereRead] = [0, 0];
    for (let run = 0; run < 600; run++) {
      const damaged = bytes.slice();
      const [start, size] = regions[run % regions.length] ?? expect.fail();
      for (let bytesLeft = 1 + below(3); bytesLeft > 0; bytesLeft--) {
        damaged[start + below(Math.floor(size))] = below(2) ? below(256) : (interesting[below(5)] ?? 0);
      }
      const { time, isRead } = readAll(damaged);
      slowest = Math.max(slowest, time);
      wereRead += Number(isRead);
    }
    expect(slowest).toBeLessThan(1000);
    expect(wereRead).toBeGreaterThan(120);
    expect(wereRead).toBeLessThan(600);
  });

  it('are read or refused, wherever they end', { timeout: 60_000 }, () => {
    for (let length = 0; length < bytes.length; length += length < 256 ? 1 : 37) {
      expect(readAll(bytes.slice(0, length)).time).toBeLessThan(1000);
    }
  });
});

suite('types that no compiler makes', () => {
  const struct = (members: number[], size = 4) => [0, (4 << 24) | (members.length / 3), size, ...members];
  const refused = (words: readonly number[]) => {
    const btf = Btf.parse(assemble(words, '\0a\0b\0'), 'x.btf');
    expect(() => codecOf(btf, 1)).toThrow(expect.objectContaining({ code: 'ERR_BPF_BTF' }));
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

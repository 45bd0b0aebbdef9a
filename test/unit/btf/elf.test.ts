/** ELF files as we read them against readelf, and what is said about files that are none. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Elf, littleEndian, requireBpfObject, requireHostByteOrder } from '../../../lib/btf/index.js';
import { compile, run } from '../../support/clang.js';

const source = 'int counter = 3; __attribute__((section("xdp"))) int pass(void *c) { return counter; }';
const encoded = (text: string) => new TextEncoder().encode(text);

describe.each(['bpfel', 'bpfeb', 'i386', 'x86_64', 'mips'])('an ELF file for %s', target => {
  const { bytes, path } = compile(source, target);
  const elf = Elf.parse(bytes, 'x.o');

  it('has the sections that readelf lists', () => {
    const theirs = [...run('readelf', '-SW', path).matchAll(/^ +\[ *(\d+)\] (.*)$/gm)].slice(1);
    expect(theirs.length).toBe(elf.sections.length - 1);
    for (const [, index, line = ''] of theirs) {
      const { name, address, offset, size, link, info } = elf.sections[Number(index)] ?? expect.fail();
      const [, called, at, start, length] = /^(\S+) +\S+ +(\S+) (\S+) (\S+)/.exec(line) ?? [];
      const [, theirLink, theirInfo] = /(\d+) +(\d+) +\d+$/.exec(line) ?? [];
      expect([name, address, offset, size]).toEqual([called, BigInt(`0x${at}`), hex(start), hex(length)]);
      expect([link, info]).toEqual([Number(theirLink), Number(theirInfo)]);
    }
  });

  it('has the symbols that readelf lists', () => {
    const lines = run('readelf', '-sW', path)
      .split('\n')
      .filter(line => /^ *\d+: /.test(line));
    const types = ['NOTYPE', 'OBJECT', 'FUNC', 'SECTION', 'FILE'];
    const ours = elf.symbols.map(({ value, size, type, binding, name, section }) => {
      const own = type === 3 ? elf.sections[section]?.name : name;
      return [value, size, types[type], ['LOCAL', 'GLOBAL', 'WEAK'][binding], own];
    });
    const theirs = lines.map(line => {
      const [, value, size, type, binding, , , name] = line.trim().split(/\s+/);
      return [BigInt(`0x${value}`), BigInt(size ?? 0), type, binding, name ?? ''];
    });
    expect(ours).toEqual(theirs);
  });
});

function hex(text: string | undefined): number {
  return Number.parseInt(text ?? '', 16);
}

describe('a file that is no BPF object', () => {
  const read = (bytes: Uint8Array) => () => {
    const elf = Elf.parse(bytes, 'x.bpf.o');
    requireBpfObject(elf);
  };

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', encoded(''), /^read x\.bpf\.o: ERR_BPF_ELF, an empty file \(pass the \.bpf\.o/],
    ['C source', encoded('#include <x.h>\n'), /ERR_BPF_ELF, a text file, not an ELF file \(pass the/],
    ['a script', encoded('#!/bin/sh\n'), /a script, not an ELF file/],
    ['an archive', encoded('!<arch>\n'), /an archive, not an ELF file \(extract/],
    ['bitcode', Uint8Array.of(0x42, 0x43, 0xc0, 0xde, 1), /LLVM bitcode, .*-emit-llvm/],
    ['BTF', Uint8Array.of(0x9f, 0xeb, 1, 0), /raw BTF, not an ELF file/],
    ['noise', Uint8Array.of(0, 1, 2, 3), /ERR_BPF_ELF, not an ELF file/],
    ['a beginning', encoded('\x7fELF\x02\x01\x01'), /truncated: the file has 7 bytes/],
    [
      'half an object',
      compile(source).bytes.slice(0, 700),
      /needs \d+ bytes at offset \d+, but the file has 700/,
    ],
    [
      'this Node.js',
      readFileSync(process.execPath),
      /an? (shared library or )?executable for [\w-]+, not for BPF \(pass the/,
    ],
    ['another object', compile(source, 'x86_64').bytes, /an object for x86-64, not for BPF/],
    ['no types', compile(source, 'bpf', []).bytes, /no type information: .* \(compile with clang -g\)/],
  ])('is named: %s', (_, bytes, message) => {
    expect(read(bytes)).toThrow(message);
    expect(read(bytes)).toThrow(expect.objectContaining({ code: 'ERR_BPF_ELF', operation: 'read x.bpf.o' }));
  });

  it('may be of the other byte order', () => {
    const [own, other] = littleEndian ? ['bpfel', 'bpfeb'] : ['bpfeb', 'bpfel'];
    requireHostByteOrder(Elf.parse(compile(source, own).bytes, 'x.bpf.o'));
    const elf = Elf.parse(compile(source, other).bytes, 'x.bpf.o');
    expect(() => requireHostByteOrder(elf)).toThrow(`compile with clang -target ${own}`);
  });
});

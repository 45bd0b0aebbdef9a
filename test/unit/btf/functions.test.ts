/** Functions of programs and libraries against readelf and nm, and files that would end libbpf. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  AmbiguousFunction,
  fits,
  functionOffset,
  functionOffsets,
  matchingFunctions,
} from '../../../lib/btf/find-functions.js';
import { Elf } from '../../../lib/btf/index.js';
import { run } from '../../support/clang.js';
import { Edited } from '../../support/edited.js';
import { temporary } from '../../support/temporary.js';

const libc = /=> (\S*\/libc\.so\.6)/.exec(run('ldd', '/bin/ls'))?.[1] ?? expect.fail();
const parsed = (path: string) => Elf.parse(readFileSync(path), path);

/** Every defined function of a symbol table as readelf lists it: name, address, binding. */
function listed(path: string, table: '--dyn-syms' | '-s') {
  const lines = run('readelf', '-W', table, path).matchAll(
    /^ *\d+: ([0-9a-f]+) +\d+ FUNC +(\w+) +\w+ +(\d+) (\S+)$/gm,
  );
  return [...lines].map(([, value, binding, , name = '']) => ({
    value: BigInt(`0x${value}`),
    binding,
    name,
  }));
}

/** By readelf's program headers. */
function inFile(path: string, address: bigint): bigint {
  const lines = run('readelf', '-lW', path).matchAll(/^ +LOAD +0x(\w+) 0x(\w+) 0x\w+ 0x(\w+)/gm);
  for (const [, offset, start, size] of lines) {
    const first = BigInt(`0x${start}`);
    if (address >= first && address < first + BigInt(`0x${size}`))
      return address - first + BigInt(`0x${offset}`);
  }
  return expect.fail();
}

describe('functions of the C library', () => {
  const elf = parsed(libc);
  const functions = listed(libc, '--dyn-syms');

  it('are where readelf says', () => {
    const alone = functions.filter(({ name }) => /^(malloc|fopen|qsort|getpid|write)@@/.test(name));
    expect(alone).toHaveLength(5);
    for (const { name, value } of alone) {
      expect(functionOffset(elf, name)).toBe(inFile(libc, value));
      expect(functionOffset(elf, name.split('@')[0] ?? '')).toBe(inFile(libc, value));
    }
    expect(functionOffsets(elf, ['malloc', 'no_such', 'getpid'])).toEqual([
      functionOffset(elf, 'malloc'),
      undefined,
      functionOffset(elf, 'getpid'),
    ]);
  });

  it('have versions, which a name alone does not tell', () => {
    const several = functions.filter(({ name }) => name.startsWith('fmemopen@'));
    expect(several).toHaveLength(2);
    for (const { name, value } of several) expect(functionOffset(elf, name)).toBe(inFile(libc, value));
    expect(functionOffset(elf, 'fmemopen')).toBeInstanceOf(AmbiguousFunction);
    expect(functionOffset(elf, 'fmemopen@GLIBC_9.9')).toBeUndefined();
  });

  it('fit a pattern', () => {
    const theirs = functions
      .filter(({ name }) => name.startsWith('pthread_mutex_'))
      .map(({ name, value }) => `${name.split('@')[0]} ${inFile(libc, value)}`);
    expect(theirs.length).toBeGreaterThan(10);
    const ours = matchingFunctions(elf, 'pthread_mutex_*').map(({ name, offset }) => `${name} ${offset}`);
    expect(ours.sort()).toEqual(theirs.sort());
    expect(matchingFunctions(elf, 'no_such*')).toEqual([]);
  });
});

describe('functions of programs', () => {
  it.each(['-no-pie', '-pie'])('built with %s are where nm says', option => {
    const path = temporary(`functions${option}`);
    const source = `
      int first(void) { return 1; }
      static int second(void) { return 2; }
      __attribute__((weak)) int weak(void) { return 3; }
      int main(void) { return first() + second() + weak(); }`;
    writeFileSync(`${path}.c`, source);
    execFileSync('cc', [option, '-O0', `${path}.c`, '-o', path]);
    const elf = parsed(path);
    for (const [, value, name = ''] of run('nm', path).matchAll(
      /^([0-9a-f]+) [tTW] (first|second|weak|main)$/gm,
    ))
      expect(functionOffset(elf, name)).toBe(inFile(path, BigInt(`0x${value}`)));
    expect(matchingFunctions(elf, 's*con?')).toEqual([
      { name: 'second', offset: functionOffset(elf, 'second') },
    ]);
  });
});

describe('a program that was damaged', () => {
  const sound = new Edited(readFileSync('/bin/ls'));
  const find = (bytes: Uint8Array) => functionOffset(Elf.parse(bytes, '/damaged'), 'no_such');

  it('is refused where its symbols have no size', () => {
    const { bytes } = new Edited(sound.bytes).header('.dynsym', 'entrySize', 0);
    expect(() => find(bytes)).toThrow(
      /^read \/damaged: ERR_BPF_ELF, symbols of 0 bytes in section \d+, 24 expected/,
    );
  });

  it('is refused where their names are nowhere', () => {
    const { bytes } = new Edited(sound.bytes).header('.dynsym', 'link', 999);
    expect(() => find(bytes)).toThrow(/symbol names in section 999, of \d+/);
  });

  it('has versions that end', () => {
    const library = new Edited(readFileSync(libc));
    const versions = library.section('.gnu.version_d');
    for (let at = 0; at + 20 < versions.size; at += 4) library.within('.gnu.version_d', at, 0xfffffffc);
    expect(functionOffset(Elf.parse(library.bytes, 'x'), 'malloc@GLIBC_2.2.5')).toBeUndefined();
  });
});

describe('a pattern', () => {
  it.each([
    ['SSL_*', 'SSL_read', true],
    ['SSL_*', 'XSSL_read', false],
    ['*', '', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*a*b', 'xaxxb', true],
    ['*a*b', 'xaxx', false],
    ['', 'x', false],
  ])('%s fits or not: %s', (pattern, name, expected) => {
    expect(fits(name, pattern)).toBe(expected);
  });

  it('takes no time without end', () => {
    expect(fits('a'.repeat(2000), `${'*a'.repeat(500)}b`)).toBe(false);
  });
});

/** Probes of programs, beside what readelf reads of the same files. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type UsdtProbe, usdtProbesSync } from '../../lib/btf/usdt.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
const binary = join(folder, 'probed');
const source = `
#include <sys/sdt.h>
unsigned short shop_sold_semaphore __attribute__((section(".probes")));
int main(int argc, char** argv) {
  DTRACE_PROBE(shop, opened);
  for (int call = 0; call < argc; call++) DTRACE_PROBE3(shop, sold, call, (unsigned char)argc, argv[call]);
  DTRACE_PROBE2(bank, paid, 42L, (short)argc);
  return 0;
}`;

const library = execFileSync('gcc', ['-print-file-name=libstdc++.so.6'], { encoding: 'utf8' }).trim();

beforeAll(() => {
  writeFileSync(`${binary}.c`, source);
  execFileSync('cc', ['-O1', '-o', binary, `${binary}.c`]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As readelf has them. */
function byReadelf(path: string): string[] {
  const text = execFileSync('readelf', ['-n', path], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const notes = text.matchAll(
    / Provider: (.*)\n +Name: (.*)\n +Location: 0x0*([0-9a-f]+), Base: \S+ Semaphore: 0x0*([0-9a-f]+)\n +Arguments: ?(.*)\n/g,
  );
  return Array.from(notes, ([, ...parts]) => parts.join(' | ').trim());
}

function line({ provider, name, address, semaphore, arguments: args }: UsdtProbe): string {
  const operands = args.map(({ size, signed, operand }) => `${signed ? '-' : ''}${size}@${operand}`);
  const parts = [provider, name, address.toString(16), semaphore.toString(16), operands.join(' ')];
  return parts.join(' | ').trim();
}

describe('probes', () => {
  it('of a program are what its author put there', () => {
    const probes = usdtProbesSync(binary);
    expect(probes.map(({ provider, name }) => `${provider}:${name}`)).toEqual([
      'shop:opened',
      'shop:sold',
      'bank:paid',
    ]);
    expect(probes.map(({ arguments: args }) => args.map(({ size, signed }) => [size, signed]))).toEqual([
      [],
      [
        [4, true],
        [1, false],
        [8, false],
      ],
      [
        [8, true],
        [2, true],
      ],
    ]);
  });

  it.each([
    ['a program', () => binary],
    ['the C++ library', () => library],
  ])('of %s are where readelf finds them', (_, path) => {
    const expected = byReadelf(path());
    expect(expected.length).toBeGreaterThan(2);
    expect(usdtProbesSync(path()).map(line)).toEqual(expected);
  });

  it('are none in a file without notes, and damage is named', () => {
    expect(usdtProbesSync('/bin/true')).toEqual([]);
    expect(() => usdtProbesSync('/no/such/file')).toThrow(/^read \/no\/such\/file: ENOENT/);
    expect(() => usdtProbesSync('/etc/passwd')).toThrow(/^read \/etc\/passwd: ERR_BPF_ELF/);
    const bytes = Uint8Array.from(readFileSync(binary));
    const at = Buffer.from(bytes.buffer).indexOf('stapsdt\0') - 8;
    new DataView(bytes.buffer).setUint32(at, 0x7fffffff, true);
    expect(() => usdtProbesSync(bytes)).toThrow(/^read the file: ERR_BPF_ELF, a note needs 2147483647 bytes/);
  });
});

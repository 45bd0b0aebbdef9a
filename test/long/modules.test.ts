/** Types of the modules of Debian's kernels, which continue those of their kernel. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Btf } from '../../lib/btf/index.js';
import { codecOf, decode, encode } from '../../lib/codec/index.js';
import { run } from '../support/clang.js';
import { asBpftool, dumped } from '../unit/btf/bpftool.js';

/** Modules of each kernel that are read. */
const sample = 24;

/** Folders of modules, named as the types of their kernel. Those of Linux 5.10 have no types: they came with 5.11. */
const kernels = (process.env.LIBBPF_TS_MODULES ?? '')
  .split(':')
  .filter(path => path !== '' && !basename(path).startsWith('5.10.'));
const types = (process.env.LIBBPF_TS_LONG ?? '').split(':');
const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-modules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('there are modules of three kernels', () => {
  expect(kernels.length).toBe(3);
});

describe.each(kernels)('modules of %s', modules => {
  const path = types.find(file => basename(file) === basename(modules)) ?? expect.fail();
  const kernel = Btf.parse(readFileSync(path), 'vmlinux');
  const chosen = spread(modules);

  it.each(chosen)('%s has types as bpftool has them, and codecs that write what they read', name => {
    const file = unpacked(join(modules, name));
    const btf = Btf.fromBytes(readFileSync(file), basename(file), kernel);
    const theirs = dumped(run('bpftool', '-j', '-B', path, 'btf', 'dump', 'file', file));
    const sorted = (type: object) =>
      JSON.stringify(Object.entries(type).sort(([a], [b]) => (a < b ? -1 : 1)));
    expect(btf.firstId).toBe(kernel.count);
    expect(btf.count).toBe(kernel.count + theirs.length);
    expect(theirs.filter(type => sorted(asBpftool(btf, Number(type.id))) !== sorted(type))).toEqual([]);
    const structs = [...btf].filter(({ kind }) => kind === 'struct' || kind === 'union');
    for (const { id, size } of structs.filter(({ size }) => size <= 65_536)) {
      const zero = new Uint8Array(size);
      expect(encode(codecOf(btf, id), decode(codecOf(btf, id), zero))).toEqual(zero);
    }
  });
});

/** The largest modules, and some of all. */
function spread(modules: string): string[] {
  const all = readdirSync(modules, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.ko(\.xz)?$/.test(name))
    .sort((a, b) => statSync(join(modules, b)).size - statSync(join(modules, a)).size);
  const step = Math.ceil(all.length / (sample / 2));
  return [...new Set([...all.slice(0, sample / 2), ...all.filter((_, i) => i % step === 0)])];
}

/** A module may be compressed. */
function unpacked(path: string): string {
  if (!path.endsWith('.xz')) return path;
  const file = join(folder, basename(path, '.xz'));
  writeFileSync(file, execFileSync('xz', ['-dc', path], { maxBuffer: 1 << 28 }));
  return file;
}

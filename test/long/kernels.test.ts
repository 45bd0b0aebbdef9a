/** Every type of every kernel: as bpftool has it, as C that compiles, as codecs, as TypeScript. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Btf, screenTypes } from '../../lib/btf/index.js';
import { codecOf, decode, encode, shapeOf } from '../../lib/codec/index.js';
import { Names } from '../../lib/gen/names.js';
import { TypePrinter } from '../../lib/gen/type-printer.js';
import { vocabulary } from '../../lib/gen/vocabulary.js';
import { assertions } from '../support/c-assertions.js';
import { compile, run } from '../support/clang.js';
import { complaints } from '../support/strict.js';
import { asBpftool, dumped } from '../unit/btf/bpftool.js';

const files = [
  '/sys/kernel/btf/vmlinux',
  ...(process.env.LIBBPF_TS_LONG ?? '').split(':').filter(existsSync),
];

it('there are the types of this kernel and four of Debian', () => {
  expect(files.map(file => basename(file))).toEqual([
    'vmlinux',
    expect.stringMatching(/^5\.10/),
    expect.stringMatching(/^6\.1\./),
    expect.stringMatching(/^6\.12/),
    expect.stringMatching(/^7\.2/),
  ]);
});

describe.each(files)('the types of %s', path => {
  const btf = Btf.parse(readFileSync(path), basename(path));
  const structs = [...btf].filter(
    ({ kind }) => kind === 'struct' || kind === 'union' || kind.startsWith('enum'),
  );

  it('equal those of bpftool, every one', () => {
    const theirs = dumped(run('bpftool', '-j', 'btf', 'dump', 'file', path));
    const sorted = (type: object) =>
      JSON.stringify(Object.entries(type).sort(([a], [b]) => (a < b ? -1 : 1)));
    expect(btf.count).toBe(theirs.length + 1);
    expect(theirs.filter(type => sorted(asBpftool(btf, Number(type.id))) !== sorted(type))).toEqual([]);
  });

  it('pass the screening', () => {
    expect(screenTypes(readFileSync(path), path).count).toBe(btf.count);
  });

  it('have the sizes that pahole prints', () => {
    const theirs = new Map(
      run('pahole', '--sizes', path)
        .trim()
        .split('\n')
        .map(line => line.split('\t').slice(0, 2) as [string, string]),
    );
    const ours = structs.filter(
      ({ name, kind }) => kind === 'struct' && btf.all(`struct ${name}`).length === 1 && theirs.has(name),
    );
    expect(ours.length).toBeGreaterThan(3000);
    expect(
      ours.filter(({ name, size }) => Number(theirs.get(name)) !== size).map(({ name }) => name),
    ).toEqual([]);
  });

  it('are C that compiles, and lays them out as bpftool says', () => {
    const { text, types, members } = assertions(path);
    expect(types).toBeGreaterThan(3000);
    expect(members).toBeGreaterThan(20_000);
    compile(`${btf.toC()}\n${text}`, 'bpf', ['-w', '-ferror-limit=3']);
  });

  it('have codecs that read, and write back what they read', () => {
    const failures: string[] = [];
    let read = 0;
    for (const { id, kind, name } of structs) {
      const codec = codecOf(btf, id);
      if (codec.size > 65_536) continue;
      const zero = new Uint8Array(codec.size);
      const value = decode(codec, zero);
      read++;
      if (!Buffer.from(encode(codec, value)).equals(zero)) failures.push(`${kind} ${name}`);
    }
    expect(failures).toEqual([]);
    expect(read).toBeGreaterThan(6000);
  });

  it('are TypeScript that compiles strictly, in a sample of 2,500', () => {
    const step = structs.length / 2500;
    const printer = new TypePrinter(new Names([...vocabulary.values()].flat()));
    for (let i = 0; i < 2500; i++) {
      const { btf, id } = structs[Math.floor(i * step)] ?? expect.fail();
      printer.codec(shapeOf(btf, id), `type_${id}`);
    }
    const names = [...printer.imports].map(name => (name === 'ValueOf' ? 'type ValueOf' : name));
    const text = `import { ${names.join(', ')} } from 'libbpf-ts';\n${printer.declarations.join('\n')}`;
    expect(printer.declarations.length).toBeGreaterThan(2000);
    const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-types-'));
    try {
      expect(complaints(folder, text).slice(0, 3)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

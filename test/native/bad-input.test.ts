/** Files that are no BPF objects: each gets an error that names it and says what to do. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BpfError, load, open, openSync } from 'libbpf-ts';
import { afterAll, describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { descriptors } from '../support/descriptors.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const object = readFileSync(new URL('../bpf/probe.bpf.o', import.meta.url));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The same object, claiming to be for the other byte order. */
function otherByteOrder(): Uint8Array {
  const bytes = Uint8Array.from(object);
  bytes[5] = bytes[5] === 1 ? 2 : 1;
  return bytes;
}

/** The same object with its .BTF section renamed away. */
function withoutBtf(): Uint8Array {
  const bytes = Buffer.from(object);
  for (let at = bytes.indexOf('.BTF\0'); at >= 0; at = bytes.indexOf('.BTF\0')) bytes.write('.NOT', at);
  return bytes;
}

const cases: readonly (readonly [what: string, path: () => string, code: string, text: RegExp])[] = [
  ['a missing file', () => join(folder, 'nothing.bpf.o'), 'ENOENT', /no such file .*libbpf-ts build/],
  ['a directory', () => folder, 'EISDIR', /it is a directory/],
  ['an empty file', () => file('empty.o', ''), 'ERR_BPF_ELF', /an empty file/],
  ['text', () => file('text.o', '#include "vmlinux.h"\n'), 'ERR_BPF_ELF', /a text file/],
  ['a program of this machine', () => process.execPath, 'ERR_BPF_ELF', /not for BPF/],
  ['half an object', () => file('half.o', object.subarray(0, object.length / 2)), 'ERR_BPF_ELF', /half\.o/],
  ['a header alone', () => file('header.o', object.subarray(0, 64)), 'ERR_BPF_ELF', /header\.o/],
  ['the other byte order', () => file('order.o', otherByteOrder()), 'ERR_BPF_ELF', /order\.o/],
  [
    'an object without BTF',
    () => file('plain.o', withoutBtf()),
    'ERR_BPF_ELF',
    /no type information.*clang -g/,
  ],
];

describe('opening', () => {
  it.each(cases)('%s says so', async (_, path, code, text) => {
    const subject = path();
    const before = descriptors().length;
    const failure = await open(subject).catch(error => error);
    expect(failure).toBeInstanceOf(BpfError);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(text) });
    expect(failure.message).toContain(subject);
    expect(() => openSync(subject)).toThrow(failure.message);
    expect(descriptors().length).toBe(before);
  });

  it('something that is neither path nor bytes says so', async () => {
    for (const bad of [5, null, {}, undefined, new URL('https://example.org/x.bpf.o')]) {
      await expect(load(bad as string)).rejects.toMatchObject({ code: 'ERR_BPF_ARGUMENT' });
    }
  });

  it('an object that its module was not made for says so', async () => {
    const { description } = probe;
    const stale = { ...description.object, sha256: 'f'.repeat(64) };
    const { everyMapRow, skeleton } = await import('libbpf-ts/skeleton');
    await expect(skeleton({ ...description, object: stale }, everyMapRow).open()).rejects.toMatchObject({
      code: 'ERR_BPF_OBJECT',
      message: expect.stringMatching(
        /SHA-256 is [0-9a-f]{64}, expected is f{64} \(module and object do not fit, .* build again/,
      ),
    });
  });

  it('an object whose digest is another than expected says so', async () => {
    const path = file('digest.o', object);
    const [found = ''] = execFileSync('sha256sum', [path], { encoding: 'utf8' }).split(' ');
    using opened = openSync(path, {}, { expectedSha256: found.toUpperCase() });
    expect(opened.name).toBe('digest');
    for (const expectedSha256 of ['0'.repeat(64), '', found.slice(1)]) {
      await expect(open(path, {}, { expectedSha256 })).rejects.toMatchObject({
        code: 'ERR_BPF_OBJECT',
        message: expect.stringContaining(
          `digest.o: ERR_BPF_OBJECT, the object's SHA-256 is ${found}, expected is`,
        ),
      });
    }
  });

  it('any truncation of an object is an error or an object, never a crash', async () => {
    for (let length = 0; length < object.length; length += 997) {
      const outcome = await open(object.subarray(0, length)).catch(error => error);
      expect(outcome).toBeInstanceOf(BpfError);
    }
  });
});

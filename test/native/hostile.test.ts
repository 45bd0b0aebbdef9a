/** Files that would end the process in libbpf: refused before it sees them, and by libbpf as it is built here. */
import { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'libbpf-ts';
import { linkObjects, vmlinuxHeader } from 'libbpf-ts/build';
import { describe, expect, it } from 'vitest';
import { runScript } from '../support/child.js';
import { compile } from '../support/clang.js';
import { Edited } from '../support/edited.js';
import { temporary } from '../support/temporary.js';
import { assemble } from '../unit/btf/kinds.js';

const congestion = readFileSync(new URL('../bpf/congestion.bpf.o', import.meta.url));
const { bytes } = compile(
  'struct s { int a; } s; static int f(int x) { return x + s.a; } __attribute__((section("xdp"))) int pass(int *c) { return f(*c); }',
  'bpfel',
  ['-g', '-O0'],
);
const edited = () => new Edited(bytes);
const outside = edited().within('.relxdp', 0, 1n << 32n);
const nowhere = edited().symbol('s', 'section', 0xfff1).symbol('s', 'info', 3);

/** Place and size of the variable together overflow 32 bits. */
const overflowing = new Edited(congestion).record('.struct_ops', 4, 0xffffff80).bytes;

describe('a file that would end the process', () => {
  it.each<[what: string, use: () => Promise<unknown>, message: RegExp]>([
    [
      'a relocation outside its section, linked',
      () => linkObjects([bytes, outside.bytes]),
      /^read object 2 of 2: ERR_BPF_ELF, relocation 0 of section/,
    ],
    [
      'a symbol of no section, linked',
      () => linkObjects([nowhere.bytes]),
      /ERR_BPF_ELF, symbol \d+ \(s\) is of a section that is not there/,
    ],
    [
      'a struct_ops table past its section, opened',
      () => open(overflowing),
      /^read object: ERR_BPF_BTF, BTF type \d+ needs \d+ bytes at offset 4294967168/,
    ],
    [
      'types in a circle, printed',
      () => vmlinuxHeader(circle()),
      /circle\.btf: ERR_BPF_BTF, BTF type 1 contains itself/,
    ],
    [
      'types in a circle, for CO-RE',
      () => open(bytes, {}, { btf: circle() }),
      /circle\.btf: ERR_BPF_BTF, BTF type 1 contains itself/,
    ],
  ])('is refused: %s', async (_, use, message) => {
    await expect(use()).rejects.toThrow(message);
  });

  it('is looked at as libbpf will see it, though a thread may change it', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    expect(await linkObjects([shared])).toEqual(await linkObjects([bytes]));
    await (await open(shared)).close();
  });

  it.each<[what: string, call: string, file: Uint8Array]>([
    ['a relocation outside its section', 'linkerLinkSync([file])', outside.bytes],
    ['a symbol of no section', 'linkerLinkSync([file])', nowhere.bytes],
    ['a struct_ops table past its section', "objectOpenSync(file, 'x', '', null, null, null)", overflowing],
  ])('is refused by libbpf as it is built here: %s', async (_, call, file) => {
    const path = temporary('hostile.o');
    writeFileSync(path, file);
    const text = `
      import { createRequire } from 'node:module';
      import { readFileSync } from 'node:fs';
      const addon = createRequire(process.cwd() + '/')('node-gyp-build')(process.cwd());
      const file = readFileSync('${path}');
      console.log(addon.${call}[0]);`;
    expect(await runScript(text)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^-(22|4\d{3})\n$/),
    });
  });
});

function circle(): string {
  const path = temporary('circle.btf');
  writeFileSync(path, assemble([1, 8 << 24, 1], '\0a\0'));
  return path;
}

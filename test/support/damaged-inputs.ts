/** What is damaged: objects with types of all kinds, and their types alone, in both byte orders. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { Elf } from '../../lib/btf/index.js';
import { compile } from './clang.js';
import type { Region } from './damage.js';

/** One input, and where in it damage is likely to matter. */
export interface Input {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly regions: readonly Region[];
}

const source = readFileSync(new URL('../compilers/rich.bpf.c', import.meta.url), 'utf8');
const small =
  'struct a { int x : 3; char s[4]; struct { long q; } n[2]; enum { A } e; } a; int b; __attribute__((section("xdp"))) int f(struct a *p) { return p->x + b; }';

/** Small and rich objects and their BTF. */
export function inputs(): Input[] {
  return ['bpfel', 'bpfeb'].flatMap(target =>
    [small, source].flatMap((text, i) => {
      const { bytes } = compile(text, target, ['-g', '-w']);
      const elf = Elf.parse(bytes, 'x.bpf.o');
      const btf = elf.section('.BTF') ?? expect.fail();
      const ext = elf.section('.BTF.ext') ?? expect.fail();
      const regions: Region[] = [
        [0, 64],
        [0, bytes.length],
        [btf.offset, btf.size],
        [ext.offset, ext.size],
        [bytes.length - 1024, 1024],
      ];
      const ofTypes: Region[] = [
        [0, 24],
        [0, btf.size],
        [24, Math.floor(btf.size / 2)],
      ];
      const name = `${['small', 'rich'][i]} ${target}`;
      return [
        { name: `${name} object`, bytes, regions },
        { name: `${name} BTF`, bytes: btf.bytes.slice(), regions: ofTypes },
      ];
    }),
  );
}

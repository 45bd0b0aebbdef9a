/** A million damaged objects and BTFs: none crashes, hangs, or takes memory without bound. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Elf } from '../../lib/btf/index.js';
import { compile } from '../support/clang.js';
import { damaged, numbers, ownTime, type Region, readAll } from '../support/damage.js';

const runs = Number(process.env.LIBBPF_TS_DAMAGED ?? 1_000_000);
const source = readFileSync(new URL('../unit/gen/rich.bpf.c', import.meta.url), 'utf8');
const small =
  'struct a { int x : 3; char s[4]; struct { long q; } n[2]; enum { A } e; } a; int b; __attribute__((section("xdp"))) int f(struct a *p) { return p->x + b; }';

/** An object, or its types alone. */
function inputs(): { name: string; bytes: Uint8Array; regions: readonly Region[] }[] {
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
      const name = `${['small', 'rich'][i]} ${target}`;
      return [
        { name: `${name} object`, bytes, regions },
        {
          name: `${name} BTF`,
          bytes: btf.bytes.slice(),
          regions: [
            [0, 24],
            [0, btf.size],
            [24, btf.size / 2],
          ] as Region[],
        },
      ];
    }),
  );
}

const all = inputs();
/** Most on the small ones, which are read soonest. */
const share = (name: string) => Math.ceil(runs * (name.startsWith('small') ? 0.235 : 0.015));

describe.each(all)('$name', ({ name, bytes, regions }) => {
  // A stack for each refusal would be most of the work.
  Error.stackTraceLimit = 0;

  it(`is read or refused, damaged ${share(name)} times`, { timeout: 3_600_000 }, () => {
    const below = numbers(bytes.length);
    let [slowest, wereRead] = [0, 0];
    for (let run = 0; run < share(name); run++) {
      const [start, size] = regions[run % regions.length] ?? expect.fail();
      const input = damaged(bytes, [start, Math.floor(size)], below);
      const began = ownTime();
      wereRead += Number(readAll(input, run % 16 === 0));
      slowest = Math.max(slowest, ownTime() - began);
    }
    const { heapUsed, external } = process.memoryUsage();
    console.log(
      `${name}: ${share(name)} inputs, ${wereRead} of them read, the slowest in ${slowest.toFixed(0)} ms`,
    );
    expect(slowest).toBeLessThan(1000);
    expect(heapUsed + external).toBeLessThan(1.5e9);
    expect(wereRead).toBeGreaterThan(0);
    expect(wereRead).toBeLessThan(share(name));
  });
});

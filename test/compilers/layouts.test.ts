/** Values that a C compiler laid out: we read what it was told to write, and write back the same bytes. */
import fc from 'fast-check';
import { expect, it, describe as suite } from 'vitest';
import { Elf } from '../../lib/btf/index.js';
import { decode, encode } from '../../lib/codec/index.js';
import { describeObject } from '../../lib/gen/index.js';
import { compile } from '../support/clang.js';
import {
  expectBytes,
  expectSame,
  expectSameWritten,
  expectValue,
  gccVariables,
  variables,
} from '../support/laid-out.js';
import { layouts, sourceOf, withTail } from '../support/layouts.js';

const all = fc.sample(layouts, { numRuns: 400, seed: 2 });
const tailed = fc.sample(withTail, { numRuns: 60, seed: 3 });

suite.each(['bpfel', 'bpfeb'])('random structs for %s', target => {
  const cases = [...variables(all, target), ...variables(tailed, target)];

  it('read as the values they were initialized with', () => {
    cases.forEach(expectValue);
  });

  it('are written back byte for byte', () => {
    cases.forEach(expectBytes);
  });

  it('read the same with and without code generation', () => {
    cases.forEach(expectSame);
  });

  it.each([undefined, null, -1, 1.5, 2 ** 53, -0, 1n, 2n ** 64n, 'x', 'é', true, [], {}, new Uint8Array(4)])(
    'are written the same, or refused, with %s in place of a member',
    wrong => {
      let refused = 0;
      for (const variable of cases.slice(0, 100)) refused += expectSameWritten(variable, wrong);
      expect(refused).toBeGreaterThan(20);
    },
  );

  it('are whole as the section that holds them', () => {
    const { bytes } = compile(sourceOf(all), target, ['-g', '-Wno-everything']);
    const data = Elf.parse(bytes, 'x').section('.data')?.bytes ?? expect.fail();
    const codec = describeObject(bytes, 'x.bpf.o').globals.data ?? expect.fail();
    const values = decode(codec, data);
    expect(Object.keys(values).length).toBeGreaterThan(300);
    expect(encode(codec, values)).toEqual(data.slice());
  });
});

suite('random structs on this machine', () => {
  it('have the bytes that gcc gives them', () => {
    const cases = gccVariables(all);
    cases.forEach(expectValue);
    cases.forEach(expectBytes);
  });
});

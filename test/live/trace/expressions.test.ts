/** Random expressions of numbers, against what BigInt computes of the same tree. */
import fc from 'fast-check';
import { compileTrace } from 'libbpf-ts/trace';
import { describe, expect, it } from 'vitest';

/** An expression, as text and as a number of 64 bits. Variables have values that are not known to the compiler. */
interface Sample {
  readonly text: string;
  readonly value: bigint;
}

const signed = (value: bigint) => BigInt.asIntN(64, value);
const truth = (value: boolean) => BigInt(value);

/** Signed 64-bit numbers, as C computes them; divided by nothing they are 1, and shifted right they lose their sign. */
const operators: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0n ? 1n : left / right),
  '%': (left, right) => (right === 0n ? 1n : left % right),
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<<': (left, right) => left << (right & 63n),
  '>>': (left, right) => BigInt.asUintN(64, left) >> (right & 63n),
  '<': (left, right) => truth(left < right),
  '<=': (left, right) => truth(left <= right),
  '>': (left, right) => truth(left > right),
  '>=': (left, right) => truth(left >= right),
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  '&&': (left, right) => truth(left !== 0n && right !== 0n),
  '||': (left, right) => truth(left !== 0n || right !== 0n),
};

const casts: Readonly<Record<string, (value: bigint) => bigint>> = {
  int8: value => BigInt.asIntN(8, value),
  uint8: value => BigInt.asUintN(8, value),
  int16: value => BigInt.asIntN(16, value),
  uint16: value => BigInt.asUintN(16, value),
  int32: value => BigInt.asIntN(32, value),
  uint32: value => BigInt.asUintN(32, value),
};

/** What the script sets first. */
const variables: Readonly<Record<string, bigint>> = {
  $a: -1n,
  $b: 0n,
  $c: 0x7fff_ffff_ffff_ffffn,
  $d: -0x1234_5678_9abcn,
  $e: 7n,
  '@f': 0xffff_ffffn,
  '@g': -300n,
};

/** All operands are signed and of 64 bits, so that the reference needs no types. */
const wide = (text: string) => `(int64)(${text})`;

const { sample } = fc.letrec<{ sample: Sample }>(tie => ({
  sample: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...Object.entries(variables).map(([text, value]) => ({ text, value }))),
    fc
      .tuple(fc.constantFrom(...Object.keys(operators)), tie('sample'), tie('sample'))
      .map(([operator, left, right]) => {
        const value = signed(operators[operator]?.(left.value, right.value) ?? 0n);
        return { text: `(${wide(left.text)} ${operator} ${wide(right.text)})`, value };
      }),
    fc.tuple(fc.constantFrom(...Object.keys(casts)), tie('sample')).map(([cast, { text, value }]) => {
      return { text: `(${cast})${wide(text)}`, value: casts[cast]?.(value) ?? 0n };
    }),
    tie('sample').map(({ text, value }) => ({ text: `(-${wide(text)})`, value: signed(-value) })),
    tie('sample').map(({ text, value }) => ({ text: `(~${wide(text)})`, value: ~value })),
    fc.tuple(tie('sample'), tie('sample'), tie('sample')).map(([condition, one, other]) => {
      const text = `(${wide(condition.text)} ? ${wide(one.text)} : ${wide(other.text)})`;
      return { text, value: condition.value !== 0n ? one.value : other.value };
    }),
  ),
}));

const declarations = Object.entries(variables).map(([name, value]) => `${name} = (int64)${value};`);

/** Expressions of a script, a statement each. */
const perScript = 20;
const scripts = Number(process.env.LIBBPF_TS_EXPRESSIONS ?? 400) / perScript;

async function valuesOf(samples: readonly Sample[]): Promise<bigint[]> {
  const prints = samples.map(({ text }) => `print(${wide(text)});`);
  await using running = await compileTrace(
    `begin { ${declarations.join(' ')} ${prints.join('\n')} }`,
  ).start();
  const values: bigint[] = [];
  for await (const event of running) if (event.type === 'value') values.push(event.value as bigint);
  return values;
}

describe('expressions', () => {
  it(`are what BigInt computes, ${scripts * perScript} of them`, async () => {
    const drawn = fc.sample(sample, { numRuns: scripts * perScript, seed: 19 });
    for (let at = 0; at < drawn.length; at += perScript) {
      const samples = drawn.slice(at, at + perScript);
      const values = await valuesOf(samples);
      const found = samples.map(({ text }, index) => ({ text, value: values[index] }));
      expect(found).toEqual(samples);
    }
  });
});

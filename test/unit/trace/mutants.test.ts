/** Scripts that were damaged are refused with a place, or compile: nothing else is thrown, and nothing hangs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BpfError } from '../../../lib/index.js';
import { compileTrace } from '../../../lib/trace/index.js';

const numRuns = Number(process.env.LIBBPF_TS_MUTANTS ?? 500);

const target = { arch: 'x64', cpus: 2 };

const scripts = [
  'begin { @x[1, "a"] = count(); for ($kv : @x) { print(($kv.0, $kv.1)); } if (@y > 5) { exit(); } @y = sum(1); }',
  'macro add($a, b) { $a += b; $a } interval:s:1 /pid == 5 && comm != "x"/ { $v = 1; printf("%d %s\\n", add($v, 2), comm); }',
  'config = { max_map_keys = 10; } let @l = lruhash(5); uprobe:/bin/sh:main { @l[tid] = str(arg0); while ($1) { break; } unroll(3) { @s = hist(nsecs, 2); } }',
  'begin { $t = (1, (a=2, b="c")); $x = $t.1.b; $y = (uint8)-1 >> 2 ? { 5 } : -3; print(buf($x, 2)); join(0); @ = kstack(3); }',
  '#define N 4\nenum e { A, B = N + 1 }; typedef struct { int a[N]; unsigned b:3, c:2; union { char *p; long q; } u; } t; struct s { t x; } __attribute__((packed)); begin { $v = 1; $p = (struct s *)&$v; print((*$p, sizeof(t), A, strerror(B), strstr("ab", "b"))); }',
];

const pieces = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '@',
  '$',
  '"',
  '/',
  '*',
  '.',
  '..',
  '%',
  '0x',
  '-',
  '&&',
  '?',
  ':',
  'for',
  'if',
];

/** Up to three places: something is left out, put in, or written twice. */
const damages = fc.array(
  fc.record({ at: fc.nat(400), length: fc.nat(6), middle: fc.option(fc.constantFrom('', ...pieces)) }),
  { minLength: 1, maxLength: 3 },
);

interface Damage {
  readonly at: number;
  readonly length: number;
  readonly middle: string | null;
}

function damaged(script: string, { at, length, middle }: Damage): string {
  const [start, end] = [at % (script.length + 1), (at % (script.length + 1)) + length];
  return script.slice(0, start) + (middle ?? script.slice(start, end).repeat(2)) + script.slice(end);
}

/** What is said of it; undefined where it compiles. */
function refusal(script: string): string | undefined {
  try {
    compileTrace(script, { target });
    return undefined;
  } catch (error) {
    if (error instanceof BpfError) return error.message;
    throw error;
  }
}

describe('damaged scripts', () => {
  it.each(scripts)('of %s', script => {
    let refused = 0;
    const property = fc.property(damages, list => {
      const message = refusal(list.reduce(damaged, script));
      if (message !== undefined) expect(message).toMatch(/^trace trace:\d+:\d+: |^compile a trace: /);
      refused += Number(message !== undefined);
    });
    fc.assert(property, { numRuns, seed: 19, endOnFailure: true });
    expect(refused).toBeGreaterThan(numRuns / 4);
  });
});

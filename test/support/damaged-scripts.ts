/** Scripts of bpftrace's language that were damaged: words left out, put in, or written twice. */
import fc from 'fast-check';
import { BpfError } from '../../lib/index.js';
import { compileTrace, type TraceTarget } from '../../lib/trace/index.js';
import { ownTime } from './damage.js';

/** No machine, so that nothing is looked up. */
export const bare: TraceTarget = { arch: 'x64', cpus: 2 };

/** Of all parts of the language. */
export const scripts: readonly string[] = [
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
  fc.record({ at: fc.nat(20_000), length: fc.nat(6), middle: fc.option(fc.constantFrom('', ...pieces)) }),
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

/** What is said of it; undefined where it compiles. @throws what is no refusal */
function refusal(script: string, target: TraceTarget | undefined): string | undefined {
  try {
    compileTrace(script, target === undefined ? {} : { target });
    return undefined;
  } catch (error) {
    if (error instanceof BpfError) return error.message;
    throw error;
  }
}

/** Each refusal names line and column; what is about the whole names the script. */
const placed = /^trace trace:\d+:\d+: |^compile a trace: /;

export interface Damaged {
  readonly refused: number;
  /** Refusals without a place, and scripts that took longer than a second of this thread's own time. */
  readonly faults: readonly string[];
}

/** Damages a script that often, as the seed draws it, and compiles it for that machine, or this one. */
export function damageScript(script: string, runs: number, seed: number, target?: TraceTarget): Damaged {
  const faults: string[] = [];
  let refused = 0;
  for (const list of fc.sample(damages, { numRuns: runs, seed })) {
    const changed = list.reduce(damaged, script);
    const start = ownTime();
    const message = refusal(changed, target);
    if (ownTime() - start > 1_000 || (message !== undefined && !placed.test(message))) faults.push(changed);
    refused += Number(message !== undefined);
  }
  return { refused, faults };
}

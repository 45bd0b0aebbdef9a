/** Wrong arguments of every public function: an error of ours that names it, never one of the inside. */
import { BpfError, createMap } from 'libbpf-ts';
import { map, u32 } from 'libbpf-ts/codec';
import { probeHelper } from 'libbpf-ts/features';
import { describe, expect, it } from 'vitest';
import { doors } from '../../.setup/doors.mjs';
import { packageName } from '../../lib/package.js';

const wrong: readonly unknown[] = [null, 1, Number.NaN, Symbol('wrong'), () => {}, 'x', [], 1n];

/** What is there without any argument, and then does something with the machine. */
const acts: ReadonlySet<string> = new Set([
  'tracePipe',
  'programUsage',
  'enableStats',
  'clock',
  'rebuildAddon',
]);

const exported = await Promise.all(doors.map(({ subpath }) => import(subpath.replace(/^\./, packageName))));
const functions = exported
  .flatMap(Object.entries)
  .filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name) && !acts.has(name)) as [
  string,
  (...args: unknown[]) => unknown,
][];

describe('every public function', () => {
  it('is there', () => {
    expect(functions.length).toBeGreaterThan(60);
  });

  it.each(functions)('%s refuses what it cannot take in words of its own', async (_, call) => {
    const inside: string[] = [];
    for (const args of wrong.flatMap(each => [[each], ['x', each], [{}, each]])) {
      const error = await outcomeOf(call, args);
      if (error !== undefined && !(error instanceof BpfError))
        inside.push(`${String(error)} of ${args.map(arg => typeof arg)}`);
    }
    expect(inside).toEqual([]);
  });
});

describe('every function that gives a promise', () => {
  const names = new Set(functions.map(([name]) => name));
  const promising = functions.filter(([name]) => names.has(`${name}Sync`));

  it.each(promising)('%s rejects what it cannot take, and does not throw', async (_, call) => {
    for (const each of wrong) await outcomeOf(() => expectPromise(call(each)), []);
    expect(promising.length).toBeGreaterThan(5);
  });
});

function expectPromise(result: unknown): unknown {
  expect(result).toBeInstanceOf(Promise);
  return result;
}

/** The error of a call; undefined where there was none. What it made is closed. */
async function outcomeOf(call: (...args: unknown[]) => unknown, args: readonly unknown[]): Promise<unknown> {
  try {
    const result = call(...args) as { next?(): unknown; return?(): unknown; close?(): unknown } | undefined;
    const first = await (typeof result?.next === 'function' ? result.next() : result);
    await result?.return?.();
    await (first as { close?(): unknown } | undefined)?.close?.();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('names that are nearly right', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'of a program type',
      () => probeHelper('xpd' as 'xdp', 'redirect'),
      /there is no program type "xpd" \(is xdp meant\?\)/,
    ],
    [
      'of an option',
      () => createMap(map('array', u32, u32), { maxEntrys: 1 } as never),
      /there is no option maxEntrys; .* \(is maxEntries meant\?\)/,
    ],
  ])('%s are told', async (_, call, text) => {
    const error = await outcomeOf(call as never, []);
    expect(String(error)).toMatch(text);
  });
});

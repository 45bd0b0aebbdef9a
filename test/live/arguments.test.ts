/** Wrong arguments of every public function: an error of ours that names it, never one of the inside. */
import { BpfError, createMap, createMapSync, openMap, PerfCounter } from 'libbpf-ts';
import { build, compile, rebuildAddon } from 'libbpf-ts/build';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { probeHelper } from 'libbpf-ts/features';
import { describeObject, emit } from 'libbpf-ts/gen';
import { hooks, queryHook } from 'libbpf-ts/inspect';
import { afterAll, describe, expect, it } from 'vitest';
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

describe('an option that nobody knows', () => {
  const hash = createMapSync(map('percpu_hash', u32, u64), { maxEntries: 4 });
  const queue = createMapSync(map('queue', undefined, u64), { maxEntries: 4 });
  const perf = createMapSync(map('perf_event_array'), { maxEntries: 4 });
  const user = createMapSync(map('user_ringbuf', undefined, u64), { maxEntries: 65_536 });
  const ring = createMapSync(map('ringbuf', undefined, u64), { maxEntries: 65_536 });

  afterAll(() => {
    for (const each of [hash, queue, perf, user, ring]) each.closeSync();
  });

  it.each<[call: string, (unknown: never) => unknown]>([
    ['get', unknown => hash.get(1, unknown)],
    ['set', unknown => hash.set(1, [], unknown)],
    ['keys', unknown => [...hash.keys(unknown)]],
    ['entries', unknown => hash.reduced('sum').entries(unknown)],
    ['snapshot', unknown => hash.snapshot(unknown)],
    ['push', unknown => queue.push(1n, unknown)],
    ['PerfEventArray.open', unknown => perf.open(unknown)],
    ['reserveBlocking', unknown => user.reserveBlocking(unknown)],
    ['sendBlocking', unknown => user.sendBlocking(1n, unknown)],
    ['queue', unknown => ring.queue({ capacity: 1, drop: 'oldest', ...(unknown as object) })],
    ['events', unknown => ring.events(unknown)],
    ['PerfCounter.open', unknown => PerfCounter.open(unknown)],
    ['openMap', unknown => openMap(hash, unknown)],
    ['queryHook', unknown => queryHook('xdp', unknown)],
    ['hooks', unknown => hooks(unknown).next()],
    ['build', unknown => build('x.bpf.c', unknown)],
    ['compile', unknown => compile('x.bpf.c', unknown)],
    ['emit', unknown => emit(new Uint8Array(), 'x.bpf.o', unknown)],
    ['describeObject', unknown => describeObject(new Uint8Array(), 'x.bpf.o', unknown)],
    ['rebuildAddon', unknown => rebuildAddon(unknown)],
  ])('is refused by %s', async (_, call) => {
    const error = await outcomeOf(call as never, [{ nobodys: 1 }]);
    expect(String(error)).toMatch(/ERR_BPF_ARGUMENT, there is no option nobodys; there are /);
  });
});

/** No buffer makes the kernel read or write outside it: sizes are checked against the map, for every call and kind. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMapSync, mapKinds } from 'libbpf-ts';
import { map, u32 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { cpusIn } from '../../lib/host/cpus.js';
import { ended } from '../support/child.js';

type Call = (...args: unknown[]) => unknown;
const require = createRequire(import.meta.url);
const addon = require('node-gyp-build')(new URL('../..', import.meta.url).pathname) as Record<string, Call>;
const call = (name: string, ...args: unknown[]) => addon[name]?.(...args) as number;

/** A map of the addon's own, below the library's checks. */
function made(kind: 'hash' | 'percpu_hash' | 'percpu_array' | 'array' | 'queue', key: number, value: number) {
  const { type } = mapKinds[kind];
  const [handle] = call('mapCreateSync', type, 'm', key, value, 8, 0, 0n, 0, 0, 0, 0, 0, 0, 0) as unknown as [
    object,
  ];
  return handle;
}

/** Memory with a pattern around what a call is given, so that a byte too many shows. */
function guarded(size: number): { bytes: Uint8Array; intact: () => boolean } {
  const whole = new Uint8Array(size + 128).fill(0xa5);
  const bytes = whole.subarray(64, 64 + size);
  return {
    bytes,
    intact: () => [...whole.subarray(0, 64), ...whole.subarray(64 + size)].every(byte => byte === 0xa5),
  };
}

const cpus = call('numPossibleCpus');
const kinds = [
  ['hash', 4, 12, 12],
  ['array', 4, 12, 12],
  ['percpu_hash', 4, 12, 16 * cpus],
  ['percpu_array', 4, 4, 8 * cpus],
  ['queue', 0, 12, 12],
] as const;

describe.each(kinds)('a %s', (kind, keySize, valueSize, entrySize) => {
  it('takes keys and entries of its own sizes only', () => {
    const handle = made(kind, keySize, valueSize);
    for (const length of [0, 1, keySize - 1, keySize + 1, 64].filter(n => n >= 0 && n !== keySize)) {
      for (const name of ['mapLookupElem', 'mapUpdateElem', 'mapLookupAndDeleteElem'])
        expect(call(name, handle, new Uint8Array(length), new Uint8Array(entrySize), 0)).toBe(-22);
      expect(call('mapDeleteElem', handle, new Uint8Array(length))).toBe(-22);
      expect(call('mapGetNextKey', handle, new Uint8Array(keySize), new Uint8Array(length))).toBe(-22);
      expect(call('mapGetNextKey', handle, new Uint8Array(length), new Uint8Array(keySize))).toBe(-22);
    }
    for (const length of [0, 1, valueSize, entrySize - 1, entrySize + 1, 4096].filter(n => n !== entrySize)) {
      for (const name of ['mapLookupElem', 'mapUpdateElem', 'mapLookupAndDeleteElem'])
        expect(call(name, handle, new Uint8Array(keySize), new Uint8Array(length), 0)).toBe(-22);
    }
    call('mapCloseSync', handle);
  });

  it('writes its entry and not a byte beside it', () => {
    const handle = made(kind, keySize, valueSize);
    const [key, entry] = [guarded(keySize), guarded(entrySize)];
    key.bytes.fill(0);
    entry.bytes.fill(1);
    expect(call('mapUpdateElem', handle, key.bytes, entry.bytes, 0)).toBe(0);
    entry.bytes.fill(0);
    expect(call('mapLookupElem', handle, key.bytes, entry.bytes, 0)).toBe(0);
    expect([entry.bytes.includes(1), entry.intact(), key.intact()]).toEqual([true, true, true]);
    call('mapGetNextKey', handle, null, key.bytes);
    expect(key.intact()).toBe(true);
    call('mapCloseSync', handle);
    expect(call('mapLookupElem', handle, key.bytes, entry.bytes, 0)).toBe(-9);
  });
});

describe.each(kinds)('calls that are bound to an entry of a %s', (kind, keySize, valueSize, entrySize) => {
  it('take memory of its sizes, which outlives whoever holds it', () => {
    const handle = made(kind, keySize, valueSize);
    for (const [key, entry] of [
      [keySize + 1, entrySize],
      [keySize, entrySize + 8],
      [-1, Number.NaN],
    ])
      expect(call('mapBind', handle, key, entry)).toBe(-22);
    const bound = call('mapBind', handle, keySize, entrySize) as unknown as Record<string, Call>;
    const { memory } = bound as unknown as { memory: ArrayBuffer };
    expect(memory.byteLength).toBe(Math.ceil(keySize / 8) * 8 + entrySize);
    new Uint8Array(memory).fill(1, memory.byteLength - entrySize);
    expect([bound.update?.(0), bound.lookup?.()]).toEqual([undefined, undefined]);
    const [entry, single] = [new Uint8Array(entrySize), bound.lookup?.(8 + 2 ** 40)];
    expect(call('mapLookupElem', handle, new Uint8Array(keySize), entry, 0)).toBe(0);
    expect([entry[0], typeof single]).toEqual([1, 'number']);
    for (const flags of [undefined, -1, 'x', {}, 2n ** 64n]) expect(bound.update?.(flags)).toBe(-22);
    call('memoryRevoke', memory);
    expect([memory.byteLength, bound.lookup?.(0)]).toEqual([0, undefined]);
    call('mapCloseSync', handle);
    for (const name of ['lookup', 'update', 'lookupAndDelete', 'delete']) expect(bound[name]?.()).toBe(-9);
  });
});

it('lets one CPU have its value in a buffer of that size, whether the kernel knows the flags or not', () => {
  const handle = made('percpu_hash', 4, 12);
  const key = new Uint8Array(4);
  call('mapUpdateElem', handle, key, new Uint8Array(16 * cpus).fill(7), 0);
  for (const flags of [8, 8 + 2 ** 32, 8 + 2 ** 40, 16, 24]) {
    const one = guarded(12);
    for (const name of ['mapLookupElem', 'mapUpdateElem', 'mapLookupAndDeleteElem']) {
      call(name, handle, key, one.bytes, flags);
      expect([name, flags, one.intact()]).toEqual([name, flags, true]);
    }
    expect(call('mapLookupElem', handle, key, new Uint8Array(16 * cpus), flags)).toBe(-22);
    expect(call('mapLookupElem', handle, key, new Uint8Array(11), flags)).toBe(-22);
  }
  call('mapCloseSync', handle);
});

it('counts the CPUs that the machine may have, whatever gaps there are', async () => {
  expect(['0', '0-3', '0,2-3', '0-1,4,6-7'].map(text => cpusIn(`${text}\n`))).toEqual([
    [0],
    [0, 1, 2, 3],
    [0, 2, 3],
    [0, 1, 4, 6, 7],
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
  // More than there are: fewer would have the kernel write more than the library makes room for.
  const list = `0,2-${cpus + 4}`;
  writeFileSync(join(folder, 'possible'), `${list}\n`);
  const script = `
    import { createMapSync } from 'libbpf-ts';
import { map, u32 } from 'libbpf-ts/codec';
    const hits = createMapSync(map('percpu_hash', u32, u32), { maxEntries: 4 });
    hits.setAll(1, 9);
    let refusal;
    try { hits.getCpu(1, 1); } catch (error) { refusal = error.message; }
    console.log(hits.cpus, hits.get(1).length, hits.getCpu(1, 0), refusal);`;
  const mounted = `mount --bind ${folder}/possible /sys/devices/system/cpu/possible && exec "$0" "$@"`;
  const { stdout, stderr } = await ended('unshare', [
    '-m',
    'sh',
    '-c',
    mounted,
    process.execPath,
    '--input-type=module',
    '-e',
    script,
  ]);
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
  const numbers = cpusIn(list);
  expect(stdout).toBe(
    `${numbers.length} ${numbers.length} 9 look up in map percpu_hash: ERR_BPF_VALUE, there is no CPU 1; this machine ` +
      `may have ${numbers.join(', ')}\n`,
  );
});

it('has values of other sizes than the description says refused', () => {
  using narrow = createMapSync(map('hash', u32, u32), { maxEntries: 4, valueSize: 64 });
  expect(() => narrow.set(1, 1)).toThrow(/update map hash: EINVAL/);
  expect(() => narrow.get(1)).toThrow(/look up in map hash: EINVAL/);
});

/** The addon itself: no value in any argument position may crash it. */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ended } from '../support/child.js';
import { trials } from '../support/time.js';

const require = createRequire(import.meta.url);
const root = new URL('../..', import.meta.url).pathname;
const addon = require('node-gyp-build')(root) as Record<string, (...args: unknown[]) => unknown>;

/** Calls one of the addon's functions. */
function call(name: string, ...args: unknown[]): unknown {
  const body = addon[name];
  if (body === undefined) throw new Error(`the addon has no ${name}`);
  return body(...args);
}

/** Values of every kind that JavaScript has, some of them unpleasant. */
const anything = fc.oneof(
  fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }),
  fc.constantFrom(
    Symbol('s'),
    () => {},
    new Uint8Array(0),
    new Uint8Array(4096),
    new Uint8Array(new SharedArrayBuffer(64)),
    new DataView(new ArrayBuffer(8)),
    new Float64Array(2),
    detached(),
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    ),
    Number.MAX_SAFE_INTEGER,
    -1,
    2 ** 32,
    Number.NaN,
  ),
);

function detached(): Uint8Array {
  const bytes = new Uint8Array(16);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** Handles of an opened object, a loaded one and a closed one, so that random calls reach behind the first check. */
async function handles(): Promise<unknown[]> {
  const bytes = require('node:fs').readFileSync(new URL('../bpf/probe.bpf.o', import.meta.url));
  const open = () => (call('objectOpenSync', bytes, 'probe', '', null, null, null) as [unknown, string])[0];
  const [opened, closed] = [open(), open()];
  call('objectCloseSync', closed);
  const parts = (object: unknown) => [call('objectMaps', object), call('objectPrograms', object)].flat();
  return [opened, closed, ...parts(opened), ...perfHandles()];
}

/** An event of this process with memory, and a watcher; where they are refused, two more numbers. */
function perfHandles(): unknown[] {
  const attr = new Uint8Array(96);
  attr[0] = 1; // PERF_TYPE_SOFTWARE
  attr[8] = 9; // PERF_COUNT_SW_DUMMY
  attr[40] = 0x60; // neither the kernel nor a hypervisor
  const event = call('perfEventOpen', attr, 0, -1, -1);
  call('perfEventMap', event, 4096, false);
  return [event, call('perfWatcherOpen', () => {}, false), call('perfWatcherOpen', () => {}, true)];
}

describe('the addon', () => {
  it('answers any arguments at all, for each of its functions', async () => {
    const known = fc.constantFrom(...(await handles()));
    const argument = fc.oneof({ weight: 2, arbitrary: known }, { weight: 3, arbitrary: anything });
    for (const name of Object.keys(addon)) {
      const property = fc.asyncProperty(fc.array(argument, { maxLength: 5 }), async args => {
        await answer(name, args);
      });
      await fc.assert(property, { numRuns: trials(300), seed: 7 });
    }
  });

  it('tells handles of one kind from those of another', async () => {
    const [object, , map] = (await handles()) as [object, object, object];
    expect(call('mapName', map)).toBe('counts');
    expect(call('mapName', object)).toBe(-22);
    expect(call('objectMaps', map)).toBe(-22);
    expect(call('programName', map)).toBe(-22);
  });

  it('refuses what would reach outside a section', async () => {
    const all = (await handles()) as object[];
    const data = all.find(handle => call('mapName', handle) === 'probe.data') as object;
    const size = call('mapSectionSize', data) as number;
    expect(call('mapReadValue', data, 0, new Uint8Array(size))).toBe(0);
    for (const [offset, length] of [
      [0, size + 1],
      [size, 1],
      [2 ** 52, 1],
      [1, size],
    ] as const) {
      expect(call('mapReadValue', data, offset, new Uint8Array(length))).toBe(-34);
      expect(call('mapWriteValue', data, offset, new Uint8Array(length))).toBe(-34);
    }
    expect(call('mapSetMaxEntries', data, 1000)).toBe(-22);
  });

  it('refuses numbers that lie outside of the values to reduce, and results without room', () => {
    const reduce = (cpus: number, how: number, fields: number[], size = 8, room = 8) =>
      call(
        'perCpuReduce',
        new Uint8Array(32),
        size,
        cpus,
        how,
        new Uint32Array(fields),
        new Uint8Array(room),
      );
    expect(reduce(4, 0, [0, 3])).toBe(0);
    const bad = [
      reduce(4, 0, [1, 3]),
      reduce(4, 0, [2 ** 32 - 1, 0]),
      reduce(4, 0, [0, 10]),
      reduce(4, 0, [0]),
      reduce(4, 3, [0, 3]),
      reduce(0, 0, [0, 3]),
      reduce(5, 0, [0, 3]),
      reduce(2 ** 32 - 1, 0, [0, 3]),
      reduce(4, 0, [0, 3], 0),
      reduce(4, 0, [0, 3], 2 ** 32 - 1),
      reduce(4, 0, [0, 3], 8, 7),
    ];
    expect(bad).toEqual(bad.map(() => -22));
  });

  it('is not printed over by libbpf', async () => {
    const script = `
      const addon = require('node-gyp-build')(${JSON.stringify(root)});
      const [status, log] = addon.objectOpenSync(new Uint8Array(100), 'nonsense', '', null, null, null);
      console.log(status, log);
    `;
    const { stdout, stderr, code } = await ended(process.execPath, ['-e', script]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^-40\d\d libbpf: elf: 'nonsense' is not a proper ELF object/);
  });
});

/** A call may answer, or throw what a getter or proxy of its argument threw; nothing else. */
async function answer(name: string, args: unknown[]): Promise<void> {
  try {
    const result = await call(name, ...args);
    expect(['number', 'string', 'object']).toContain(typeof result);
  } catch (error) {
    expect((error as Error).message, name).toBe('trap');
  }
}

/** get, getInto, set and delete are functions of their own for each map: what they leave to slower ones comes out the same. */
import { describe, expect, it } from 'vitest';
import { load } from '../../lib/index.js';
import { large } from '../bpf/large.bpf.js';
import { bpftool, runScript } from '../support/child.js';

type Entry = { formatted: { key: number; value: { calls: number; bytes: number } } };

/** What bpftool finds in a map, by key. */
function entriesOf(map: { info: { id: number } }): Record<number, [calls: number, bytes: number]> {
  const entries = bpftool('map', 'dump', 'id', String(map.info.id)) as Entry[];
  return Object.fromEntries(
    entries.map(({ formatted: { key, value } }) => [key, [value.calls, value.bytes]]),
  );
}

describe('an entry whose getters', () => {
  it('use the map that it is written to is written to its own key', async () => {
    await using bpf = await large.load();
    const { flows } = bpf.maps;
    const entry = {
      get calls() {
        flows.set(2, { calls: 20n, bytes: 21n });
        return flows.get(2)?.calls ?? 0n;
      },
      get bytes() {
        return flows.delete(3) ? 1n : 0n;
      },
    };
    flows.set(3, { calls: 30n, bytes: 31n }).set(1, entry);
    expect(entriesOf(flows)).toEqual({ 1: [20, 1], 2: [20, 21] });
  });

  it('throw leaves the map as it was, and the next calls too', async () => {
    await using bpf = await large.load();
    const { flows } = bpf.maps;
    const broken = {
      calls: 1n,
      get bytes(): bigint {
        throw new Error('no bytes today');
      },
    };
    expect(() => flows.set(1, broken)).toThrow('no bytes today');
    expect(flows.set(2, { calls: 2n, bytes: 3n }).get(2)).toEqual({ calls: 2n, bytes: 3n });
    expect(entriesOf(flows)).toEqual({ 2: [2, 3] });
  });
});

/** Everything that these calls answer, and what they say of what does not fit. */
const answers = `
import { load } from './dist/index.js';
let generated = true;
try { new Function(''); } catch { generated = false; }
const bpf = await load('test/bpf/large.bpf.o');
const { flows } = bpf.maps;
const into = new Uint8Array(flows.valueSize);
const messages = [];
const told = call => { try { return call(); } catch (error) { messages.push(error.message); } };
for (const key of [0, 2 ** 32 - 1, -1, 2 ** 32, 1.5, '1', 1n, null, undefined, {}, flows.rawKey(new Uint8Array(4))]) {
  told(() => flows.set(key, { calls: 2n ** 64n - 1n, bytes: 1n }));
  told(() => flows.getInto(key, into));
  told(() => messages.push(String(flows.get(key)?.calls)));
}
for (const entry of [null, 1, {}, { calls: 1n }, { calls: 1, bytes: 1n }, { calls: -1n, bytes: 1n }, { calls: 2n ** 64n, bytes: 0n }])
  told(() => flows.set(7, entry));
for (const room of [null, [], new Uint8Array(15), new Uint16Array(8)]) told(() => flows.getInto(0, room));
messages.push(flows.delete(0), flows.delete(0), flows.delete(7), String(into));
await bpf.close();
console.log(JSON.stringify({ generated, messages }));
`;

it('the answers and errors are the same where code generation is off', async () => {
  const [usual, forbidden] = await Promise.all([
    runScript(answers),
    runScript(answers, ['--disallow-code-generation-from-strings']),
  ]);
  const [emitted, called] = [usual, forbidden].map(({ stdout, stderr }) => {
    expect(stderr).toBe('');
    return JSON.parse(stdout) as { generated: boolean; messages: unknown[] };
  });
  expect([emitted?.generated, called?.generated]).toEqual([true, false]);
  expect(emitted?.messages).toEqual(called?.messages);
  expect(emitted?.messages.slice(-4)).toEqual([true, false, false, `${'255,'.repeat(8)}1,0,0,0,0,0,0,0`]);
  expect(emitted?.messages).toContain(
    'write the key of map flows: ERR_BPF_VALUE, takes an integer from 0 to 4294967295, got -1',
  );
});

it('a closed map refuses each, by name', async () => {
  const bpf = await load('test/bpf/large.bpf.o');
  const flows = bpf.maps.flows as unknown as Record<string, (...args: unknown[]) => unknown>;
  flows.set?.(1, { calls: 1n, bytes: 1n });
  await bpf.close();
  for (const [name, ...args] of [
    ['get', 1],
    ['getInto', 1, new Uint8Array(16)],
    ['set', 1, { calls: 1n, bytes: 1n }],
    ['delete', 1],
  ] as const)
    expect(() => flows[name]?.(...args), name).toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
});

/** A trie beside a list of prefixes that is searched from the longest on. */
import fc from 'fast-check';
import { createMapSync } from 'libbpf-ts';
import { map, u64 } from 'libbpf-ts/codec';
import { answer, check, type Length, type Step, value } from './map-model.js';

/** A prefix of few addresses, so that many cover each other. */
const prefix = fc.tuple(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.constantFrom(0, 4, 8, 15, 16, 24, 31, 32),
);
const near = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(bits => (bits & 0xc3000081) >>> 0);

function masked(address: number, bits: number): number {
  return bits === 0 ? 0 : (address & (0xffffffff << (32 - bits))) >>> 0;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map(shift => (address >>> shift) & 255).join('.');
}

export function trieAgreesWithList(length: Length): void {
  const make = () =>
    createMapSync(map('lpm_trie', undefined, u64), { maxEntries: 64, keySize: 8, flags: ['no_prealloc'] });
  type Trie = ReturnType<typeof make>;
  type Model = Map<string, bigint>;
  type S = Step<Trie, Model>;
  const some = fc.tuple(near, prefix).map(([address, [, bits]]) => {
    return { text: `${dotted(address)}/${bits}`, name: `${dotted(masked(address, bits))}/${bits}` };
  });
  const step: fc.Arbitrary<S> = fc.oneof(
    {
      weight: 2,
      arbitrary: fc.tuple(some, value).map(([{ text, name }, v]): S => {
        return (trie, model) => [answer(() => trie.set(text, v) && 'set'), model.set(name, v) && 'set'];
      }),
    },
    {
      weight: 3,
      arbitrary: near.map(address => (trie: Trie, model: Model): [unknown, unknown] => {
        return [trie.match(dotted(address)), longest(model, address)];
      }),
    },
    {
      weight: 1,
      arbitrary: some.map(({ text, name }): S => {
        return (trie, model) => [trie.delete(text), model.delete(name)];
      }),
    },
  );
  const whole = (trie: Trie, model: Model): [unknown, unknown] => [[...trie].sort(), [...model].sort()];
  check({ ...length, calls: Math.min(length.calls, 60) }, () => [make(), new Map()], step, whole);
}

function longest(model: ReadonlyMap<string, bigint>, address: number): bigint | undefined {
  for (let bits = 32; bits >= 0; bits--) {
    const found = model.get(`${dotted(masked(address, bits))}/${bits}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

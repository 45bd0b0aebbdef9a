/** Tries by prefixes of every length that text has a form for. */
import { createMapSync } from 'libbpf-ts';
import { map, u32 } from 'libbpf-ts/codec';
import { expect, it } from 'vitest';
import { dumped, words } from '../support/map-oracle.js';

const trie = (keySize: number, maxEntries = 4) =>
  createMapSync(map('lpm_trie', undefined, u32), {
    name: 'trie',
    keySize,
    maxEntries,
    flags: ['no_prealloc'],
  });

it('has addresses of IPv6 as text', () => {
  using routes = trie(20);
  routes.set('2001:db8::/32', 1).set('2001:db8:0:1::/64', 2).set('::/0', 3);
  expect(['2001:db8:0:1::9', '2001:db8::1', 'fe80::1'].map(address => routes.match(address))).toEqual([
    2, 1, 3,
  ]);
  const key = (length: number, ...bytes: number[]) => {
    return Buffer.concat([words(length), Buffer.from(bytes), Buffer.alloc(16 - bytes.length)]);
  };
  expect(dumped(routes.info.id)).toEqual(
    expect.arrayContaining([
      [key(32, 0x20, 0x01, 0x0d, 0xb8), words(1)],
      [key(64, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1), words(2)],
    ]),
  );
  expect([...routes.keys()].sort()).toEqual(['2001:db8:0:1::/64', '2001:db8::/32', '::/0']);
  expect(() => routes.set('10.0.0.0/8', 1)).toThrow(/write the key of map trie: ERR_BPF_VALUE/);
  expect(() => routes.set('2001:db8::/129', 1)).toThrow(/a prefix of 0 to 128 bits, as 2001:db8::\/32/);
});

it('has bytes of other lengths in hexadecimal, those that are left out as zero, also after longer ones', () => {
  using names = trie(7);
  names.set('0xffffff/24', 1).set('0x0a/8', 2).set('0x0b0c/16', 3);
  expect(dumped(names.info.id)).toEqual(
    expect.arrayContaining([[Buffer.concat([words(8), Buffer.from([10, 0, 0])]), words(2)]]),
  );
  expect([names.match('0x0a0b0c'), names.match('0x0b0c01'), names.match('0x0c')]).toEqual([2, 3, undefined]);
});

it('takes, matches and forgets many at a time, off the main thread', async () => {
  using routes = trie(8, 1000);
  const entries = Array.from({ length: 500 }, (_, i): [string, number] => [
    `10.${i >> 8}.${i & 255}.0/24`,
    i,
  ]);
  expect(await routes.setBatch(entries)).toBe(500);
  expect(await routes.matchBatch(['10.0.7.9', '11.0.0.1', '10.1.243.255'])).toEqual([7, undefined, 499]);
  expect(await routes.deleteBatch(['10.0.7.0/24', '10.0.7.0/25', '10.1.0.0/24'])).toBe(2);
  expect((await routes.snapshot()).length).toBe(498);
  expect(routes.covers('10.0.7.9')).toBe(false);
  await expect(
    routes.setBatch([
      ['10.0.7.0/24', 1],
      ['10.0.7/24', 2],
    ]),
  ).rejects.toThrow(/write the key of map trie: ERR_BPF_VALUE/);
  expect(routes.covers('10.0.7.9')).toBe(false);
});

it('says how much it holds when it is full', () => {
  using routes = trie(8, 2);
  routes.set('10.0.0.0/8', 1).set('11.0.0.0/8', 2);
  expect(() => routes.set('192.0.0.0/8', 3)).toThrow(
    /^update map trie: ENOSPC, .*it holds 2 entries at most/,
  );
  expect([...routes].length).toBe(2);
});

/** The life of maps: before load, pinned, opened again, frozen; and those that the kernel does not make. */
import { existsSync } from 'node:fs';
import { createMapSync, type MapKindName, mapKinds, openMap, openMapSync } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { maps as mapsOfMachine } from 'libbpf-ts/inspect';
import { expect, it } from 'vitest';
import { maps } from '../bpf/maps.bpf.js';
import { probe } from '../bpf/probe.bpf.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { type FeatureName, features } from '../support/features.js';
import { thisKernel } from '../support/kernel.js';
import { shownMap } from '../support/map-oracle.js';
import { obstacle } from '../support/need.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

it('is resized, changed in kind and flags, and left out before load', async () => {
  const opened = await probe.open();
  opened.maps.counts.maxEntries = 128;
  opened.maps.counts.setKind('lru_hash').flags = ['no_common_lru'];
  opened.maps.slots.autocreate = false;
  expect(() => opened.maps.counts.setKind('array' as 'hash')).toThrow(/used in another way/);
  expect(() => (opened.maps.counts.flags = ['never' as 'clone'])).toThrow(code('ERR_BPF_ARGUMENT'));
  await using bpf = await opened.load();
  expect(shownMap(bpf.maps.counts.info.id)).toMatchObject({ type: 'lru_hash', max_entries: 128, flags: 2 });
  expect(() => bpf.maps.slots.fd).toThrow(/it was not created .*autocreate/);
  expect(() => bpf.maps.slots.get(0)).toThrow(/look up in map slots: EBADF.*autocreate/);
  expect(() => opened.maps.counts.setKind('hash')).toThrow(code('ERR_BPF_PHASE'));
});

it('is reused where it fits, and each difference is told where it does not', async () => {
  using fits = createMapSync(map('hash', u32, u64), { maxEntries: 64 });
  using other = createMapSync(map('array', u32, u32), { maxEntries: 32, flags: ['mmapable'] });
  const opened = await probe.open();
  expect(() => opened.maps.counts.reuse(other)).toThrow(
    'reuse a map as counts: ERR_BPF_MAP, the map there is another: kind is array, should be hash; value size is 4, ' +
      'should be 8; maxEntries is 32, should be 64; flags is mmapable, should be none (open it as what it is, or ' +
      'replace it: its content is lost then)',
  );
  expect(() => opened.maps.counts.reuse({ fd: 1_000_000 })).toThrow(code('EBADF'));
  fits.set(1, 11n);
  opened.maps.counts.reuse(fits);
  await using bpf = await opened.load();
  expect(bpf.maps.counts.get(1)).toBe(11n);
  bpf.maps.counts.set(2, 22n);
  expect(fits.get(2)).toBe(22n);
  expect(() => fits.close()).not.toThrow();
});

it('is taken from its pin, or pinned, by load; one that does not fit is refused or replaced', async () => {
  using files = new BpfFileSystem();
  const path = `${files.path}/counts`;
  const start = async (entries: number, unlike: 'error' | 'replace' = 'error') => {
    const opened = await probe.open();
    try {
      opened.maps.counts.maxEntries = entries;
      opened.maps.counts.pinTo(path, { unlike });
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened.load();
  };
  {
    await using first = await start(64);
    first.maps.counts.set(5, 50n);
    expect(first.maps.counts.pinPath).toBe(path);
  }
  {
    await using second = await start(64);
    expect(second.maps.counts.get(5)).toBe(50n);
  }
  await expect(start(128)).rejects.toThrow(/ERR_BPF_MAP.*maxEntries is 64, should be 128/);
  {
    await using third = await start(128, 'replace');
    expect([third.maps.counts.get(5), third.maps.counts.info.maxEntries]).toEqual([undefined, 128]);
    third.maps.counts.unpinSync();
    expect([existsSync(path), third.maps.counts.pinPath]).toEqual([false, undefined]);
    expect(() => third.maps.counts.unpinSync()).toThrow(/not pinned by this handle/);
  }
  const opened = await probe.open();
  expect(() => opened.maps.counts.pinTo('/tmp/no/folder')).not.toThrow();
  await expect(opened.load()).rejects.toThrow();
});

it('says why it cannot be pinned or opened', () => {
  using files = new BpfFileSystem();
  using made = createMapSync(map('hash', u32, u64), { name: 'made', maxEntries: 4 });
  made.pinSync(`${files.path}/made`);
  expect(() => made.pinSync(`${files.path}/made`)).toThrow(/EEXIST.*unpin it first/);
  expect(() => made.pinSync('/tmp/made')).toThrow(
    /pin map made to .tmp.made: E\w+, .tmp is in no BPF file system/,
  );
  expect(() => made.pinSync('/no/such/made')).toThrow(/there is no folder .no.such/);
  expect(() => openMapSync(`${files.path}/other`)).toThrow(code('ENOENT'));
  expect(() => openMapSync('/dev/null')).toThrow(/open the map pinned to .dev.null: E/);
  expect(() => openMapSync({ id: 0xfffffff0 })).toThrow(/no map of that id/);
  expect(() => openMapSync({ id: -1 })).toThrow(code('ERR_BPF_ARGUMENT'));
  expect(() => openMapSync({ fd: 0 })).toThrow(/that descriptor is no map/);
  expect(() => openMapSync({ fd: made.fd, id: made.info.id + 1 })).toThrow(
    /the descriptor is map \d+ by now/,
  );
});

it('is read by its own types where nobody describes it', async () => {
  await using bpf = await maps.load();
  const { guards, tenants } = bpf.maps;
  guards.set(1, { lock: { val: 0 }, generation: 2, sum: 3n });
  await using same = await openMap({ id: guards.info.id });
  expect(same.kind).toBe('hash');
  expect([...(same as unknown as Map<number, unknown>)]).toEqual([
    [1, { lock: { val: 0 }, generation: 2, sum: 3n }],
  ]);
  await using outer = await openMap({ id: tenants.info.id });
  expect(outer.constructor).toBe(tenants.constructor);
  const ids: number[] = [];
  for await (const { id } of mapsOfMachine()) ids.push(id);
  expect(ids).toEqual(expect.arrayContaining([guards.info.id, tenants.info.id]));
});

it('is opened for reading or writing only', () => {
  using files = new BpfFileSystem();
  using made = createMapSync(map('hash', u32, u64), { maxEntries: 4 });
  made.pinSync(`${files.path}/made`);
  made.set(1, 10n);
  using reader = openMapSync(`${files.path}/made`, map('hash', u32, u64), { access: 'read' });
  expect(reader.get(1)).toBe(10n);
  expect(() => reader.set(1, 11n)).toThrow(/update map .*: EPERM.*opened so/);
  expect(() => reader.delete(1)).toThrow(code('EPERM'));
  using writer = openMapSync(`${files.path}/made`, map('hash', u32, u64), { access: 'write' });
  expect(() => writer.set(1, 12n).get(1)).toThrow(code('EPERM'));
  expect(made.get(1)).toBe(12n);
});

it('is written no more once frozen, and stays as it was', () => {
  using made = createMapSync(map('hash', u32, u64), { name: 'cold', maxEntries: 4 });
  made.set(1, 10n).freeze();
  expect(made.info.frozen).toBe(true);
  expect(() => made.set(2, 1n)).toThrow(/update map cold: EPERM.*the map is frozen/);
  expect(() => made.delete(1)).toThrow(/EPERM.*frozen/);
  expect(() => made.freeze()).toThrow(/freeze map cold: (EBUSY|EPERM)/);
  expect([...made]).toEqual([[1, 10n]]);
});

it('belongs to its object, and cannot be closed apart from it', async () => {
  await using bpf = await probe.load();
  await expect(bpf.maps.counts.close()).rejects.toThrow(/it belongs to object probe/);
  expect(() => bpf.maps.counts.closeSync()).toThrow(code('ERR_BPF_ARGUMENT'));
  expect(bpf.maps.counts.closed).toBe(false);
});

it('says what is wrong with a map that the kernel does not make', () => {
  expect(() => createMapSync(map('hash', u32, u64), { name: 'nothing' })).toThrow(
    /create map nothing: EINVAL, .*other sizes, flags or maxEntries/,
  );
  expect(() => createMapSync(map('hash', u32, u64), { maxEntries: 0xffffffff })).toThrow(
    /E2BIG|ENOMEM|EINVAL/,
  );
  expect(() => createMapSync(map('hash', u32, u64), { maxEntries: 4, flags: ['x' as 'clone'] })).toThrow(
    /there is no flag x; there are no_prealloc, /,
  );
  expect(() => createMapSync(map('lpm_trie', undefined, u64), { keySize: 8, maxEntries: 4 })).toThrow(
    code('EINVAL'),
  );
});

it('says from which version on the kernel has a kind of map, a flag or a call', async context => {
  const lacks = (name: FeatureName) => obstacle(features[name], thisKernel())?.startsWith('needs Linux');
  const kinds = Object.entries(mapKinds).filter(([kind]) => lacks(`map.${kind as MapKindName}`));
  if (!lacks('ringbuf.overwrite')) context.skip('this kernel makes all of them');
  const overwritten = { maxEntries: 4096, flags: ['rb_overwrite'] } as const;
  expect(() => createMapSync(map('ringbuf'), overwritten)).toThrow(
    /^create map of kind ringbuf: EINVAL, the flag rb_overwrite needs Linux 6\.19, and this is \d/,
  );
  expect(kinds.map(([kind]) => kind)).toContain('insn_array');
  for (const [kind, { since }] of kinds)
    expect(() => createMapSync(map(kind as 'hash', u32, u64), { maxEntries: 4 })).toThrow(
      `create map of kind ${kind}: EINVAL, a map of kind ${kind} needs Linux ${since}, and this is `,
    );
  using counts = createMapSync(map('hash', u32, u64), { maxEntries: 4 });
  using hits = createMapSync(map('percpu_hash', u32, u64), { maxEntries: 4 });
  if (lacks('map.take')) expect(() => counts.take(1)).toThrow(/lookup-and-delete .* hash needs Linux 5\.14/);
  if (lacks('map.one_cpu')) expect(() => hits.setCpu(1, 0, 1n)).toThrow(/one CPU's value .*Linux 7\.0/);
  const opened = await probe.open();
  opened.maps.events.flags = overwritten.flags;
  await expect(opened.load()).rejects.toThrow(/^load probe: EINVAL, the flag rb_overwrite needs Linux 6\.19/);
});

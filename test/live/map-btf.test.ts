/** Maps that are made with types of a builder's: the kernel takes them, and bpftool prints by them. */
import { createMap } from 'libbpf-ts';
import { BtfBuilder } from 'libbpf-ts/btf';
import { map, struct, u32, u64 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { bpftool } from '../support/child.js';

const traffic = struct<{ packets: bigint; bytes: bigint }>('struct traffic', 16, {
  packets: [0, u64],
  bytes: [8, u64],
});

/** Types of a port and its traffic. */
function types() {
  const builder = new BtfBuilder();
  const port = builder.add({ kind: 'int', name: 'unsigned int', size: 4 });
  const count = builder.add({ kind: 'int', name: 'unsigned long', size: 8 });
  const members = [
    { name: 'packets', type: count },
    { name: 'bytes', type: count, bitOffset: 64 },
  ];
  const value = builder.add({ kind: 'struct', name: 'traffic', size: 16, members });
  return { bytes: builder.bytes(), keyTypeId: port, valueTypeId: value };
}

describe('a map with types', () => {
  it('is printed by them', async () => {
    const btf = types();
    await using ports = await createMap(map('hash', u32, traffic), { name: 'ports', maxEntries: 4, btf });
    ports.set(443, { packets: 3n, bytes: 4096n });
    expect([ports.info.keyTypeId, ports.info.valueTypeId]).toEqual([btf.keyTypeId, btf.valueTypeId]);
    const [entry] = bpftool('map', 'dump', 'id', String(ports.info.id)) as [{ formatted: unknown }];
    expect(entry.formatted).toEqual({ key: 443, value: { packets: 3, bytes: 4096 } });
  });

  it('is refused with types that do not fit, or are none', async () => {
    const btf = types();
    const make = (given: object) =>
      createMap(map('hash', u32, traffic), { maxEntries: 4, btf: { ...btf, ...given } });
    await expect(make({ valueTypeId: btf.keyTypeId })).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(make({ bytes: Uint8Array.of(1, 2, 3) })).rejects.toThrow(/load its types: EINVAL/);
    await expect(make({ bytes: 'x' })).rejects.toMatchObject({ code: 'ERR_BPF_ARGUMENT' });
    await expect(make({ valueTypeid: 1 })).rejects.toThrow(/is valueTypeId meant\?/);
    await expect(createMap(map('hash', u32, u64), { btf: 5 as never })).rejects.toThrow(/btf is \{ bytes/);
  });
});

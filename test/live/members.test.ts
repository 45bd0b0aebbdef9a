/** Members of global structs and arrays: what is written to one is what the program reads and bpftool shows. */
import { describe, expect, it } from 'vitest';
import { members } from '../bpf/members.bpf.js';
import { sectionDump } from '../support/section-dump.js';

const packet = new Uint8Array(64);

type Settings = ReturnType<typeof members.openSync>['globals']['data']['given'];

/** Writes to members of every kind, and nothing else. */
function write(settings: Settings): void {
  settings.limit = 2n ** 40n;
  settings.pid = 77;
  settings.mode = 'FAST';
  settings.high = 17;
  settings.address[0] = 2;
  settings.address.set([8, 9], 4);
  settings.name = 'node';
  settings.ports[3] = 443;
  settings.places[1] = { x: -7, y: 8 };
  const [first] = settings.places;
  if (first) first.x = -1;
  settings.octets[3] = 0xff;
}

/** The same as bpftool prints it; `low` and what else was not written is as in the object. */
const written = {
  limit: 2 ** 40,
  pid: 77,
  mode: 'FAST',
  low: 5,
  high: 17,
  address: [2, 0, 0, 0, 8, 9],
  name: 'node',
  ports: [1, 2, 3, 443],
  places: [
    { x: -1, y: 2 },
    { x: -7, y: 8 },
  ],
};

/** bpftool prints bitfields in hexadecimal. */
function shown(section: string, name: string): unknown {
  const { low, high, ...rest } =
    (sectionDump(section) as Record<string, { low: string; high: string }>)[name] ?? {};
  return { ...rest, low: Number(low), high: Number(high) };
}

describe('members of globals', () => {
  it('take effect before load', async () => {
    const opened = await members.open();
    write(opened.globals.rodata.fixed);
    write(opened.globals.data.given);
    write(opened.globals['data.hidden'].hidden);
    await using bpf = await opened.load();
    bpf.programs.look.testRunSync({ data: packet });
    for (const name of ['fixed_seen', 'given_seen', 'hidden_seen'])
      expect(shown('members.bss', name)).toMatchObject(written);
    expect(bpf.globals.bss.given_seen.octets).toEqual(Uint8Array.of(1, 2, 3, 255));
  });

  it('take effect after load, in shared memory and without', async () => {
    await using bpf = await members.load();
    write(bpf.globals.data.given);
    bpf.programs.look.testRunSync({ data: packet });
    expect(shown('members.bss', 'given_seen')).toMatchObject(written);
    const { hidden } = bpf.globals['data.hidden'];
    hidden.ports[3] = 443;
    hidden.high = 17;
    hidden.places[1] = { x: -7, y: 8 };
    bpf.programs.look.testRunSync({ data: packet });
    expect(shown('members.bss', 'hidden_seen')).toMatchObject({ low: 5, high: 17, ports: [1, 2, 3, 443] });
  });
});

describe('a global struct or array', () => {
  it('is live, and reads as a plain value', async () => {
    await using bpf = await members.load();
    const { given_seen: seen } = bpf.globals.bss;
    const before = structuredClone(seen);
    expect(before.ports).toEqual([0, 0, 0, 0]);
    bpf.programs.look.testRunSync({ data: packet });
    expect(seen.ports).toEqual([1, 2, 3, 4]);
    expect(before.ports).toEqual([0, 0, 0, 0]);
    expect(seen.places).toEqual([
      { x: 1, y: 2 },
      { x: 3, y: 4 },
    ]);
    expect([JSON.stringify(seen.places), seen.ports.length, [...seen.ports]]).toEqual([
      '[{"x":1,"y":2},{"x":3,"y":4}]',
      4,
      [1, 2, 3, 4],
    ]);
  });

  it('is written as a whole, from another too', async () => {
    await using bpf = await members.load();
    const { data, bss } = bpf.globals;
    data.given = { ...structuredClone(data.given), pid: 5, ports: [9, 8, 7, 6] };
    bpf.programs.look.testRunSync({ data: packet });
    expect(bss.given_seen).toMatchObject({ pid: 5, ports: [9, 8, 7, 6], limit: 1n });
    data.given = bss.fixed_seen;
    expect(data.given).toEqual(bss.fixed_seen);
  });

  it('may be long', async () => {
    await using bpf = await members.load();
    const { many } = bpf.globals.bss;
    many[0] = 1;
    many[1500] = 20;
    many[2999] = 300;
    bpf.programs.look.testRunSync({ data: packet });
    expect(bpf.globals.bss.sum_of_many).toBe(321n);
    expect([many.length, Array.isArray(many), many.reduce((sum, each) => sum + each, 0)]).toEqual([
      3000,
      true,
      321,
    ]);
    expect(many.indexOf(300)).toBe(2999);
    expect(Object.keys(many)).toHaveLength(3000);
    expect(() => many.push(1)).toThrow(TypeError);
    bpf.globals.bss.many = Array.from({ length: 3000 }, (_, index) => index);
    expect([...many].at(-1)).toBe(2999);
  });

  it('refuses what does not fit, what is not there, constants, and use after close', async () => {
    const opened = await members.open();
    const kept = opened.globals.data.given;
    const bpf = await opened.load();
    const { data, rodata } = bpf.globals;
    const code = (name: string) => expect.objectContaining({ code: name });
    expect(() => (data.given.ports[0] = 65_536)).toThrow(code('ERR_BPF_VALUE'));
    expect(() => (data.given.high = 32)).toThrow(code('ERR_BPF_VALUE'));
    expect(() => Object.assign(data.given, { pit: 1 })).toThrow(TypeError);
    expect(() => (data.given.ports[4] = 1)).toThrow(TypeError);
    expect(() => ((rodata.fixed as Settings).pid = 1)).toThrow(code('ERR_BPF_PHASE'));
    expect(() => ((rodata.fixed as Settings).ports[0] = 1)).toThrow(code('ERR_BPF_PHASE'));
    expect(data.given).toMatchObject({ high: 9, ports: [1, 2, 3, 4] });
    expect(() => (kept.pid = 1)).toThrow(/ERR_BPF_CLOSED.*use the globals that load\(\) gave/);
    const { given } = data;
    const { address } = given;
    await bpf.close();
    expect(() => given.pid).toThrow(code('ERR_BPF_CLOSED'));
    expect(() => given.ports).toThrow(code('ERR_BPF_CLOSED'));
    expect(address).toHaveLength(0);
  });
});

/** Maps before load: sizes that no type says, and the program that alone may have a map. */
import { VerifierError } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { undecided } from '../bpf/undecided.bpf.js';
import { bpftool } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';
import { features } from '../support/features.js';
import { thisKernel } from '../support/kernel.js';
import { need, obstacle } from '../support/need.js';

const frame = new Uint8Array(64);

describe('a map that says sizes alone', () => {
  it('has those that it is told, and elements of as many bytes', async () => {
    const opened = await undecided.open();
    const { untyped } = opened.maps;
    expect([untyped.keySize, untyped.valueSize]).toEqual([4, 8]);
    untyped.keySize = 16;
    untyped.valueSize = 3;
    await using bpf = await opened.load();
    const id = String(fdInfo(bpf.maps.untyped.fd, 'map_id'));
    expect(bpftool('map', 'show', 'id', id)).toMatchObject({ bytes_key: 16, bytes_value: 3 });
    const key = Uint8Array.from({ length: 16 }, (_, at) => at);
    bpf.maps.untyped.set(key, Uint8Array.of(7, 8, 9));
    const [{ key: keyBytes, value }] = bpftool('map', 'dump', 'id', id) as [
      { key: string[]; value: string[] },
    ];
    expect([keyBytes.map(Number), value.map(Number)]).toEqual([[...key], [7, 8, 9]]);
  });
});

describe('a map with types', () => {
  it('has their sizes and no others', async () => {
    await using opened = await undecided.open();
    const { guarded } = opened.maps;
    guarded.keySize = 4;
    expect(() => (guarded.keySize = 8)).toThrow(
      'set the key size of map guarded to 8: ERR_BPF_ARGUMENT, its key is u32, which has 4 bytes (declare it by its',
    );
    expect(() => (guarded.valueSize = -1)).toThrow(/the size of a value is an integer/);
  });
});

describe('an exclusive map', () => {
  const exclusive = async () => {
    const opened = await undecided.open();
    return {
      opened,
      ...opened.programs,
      guarded: opened.maps.guarded.setExclusiveProgram(opened.programs.adds_one),
    };
  };

  it('is its program’s', async context => {
    need(context, 'map.exclusive');
    const { opened, adds_two } = await exclusive();
    adds_two.autoload = false;
    await using bpf = await opened.load();
    bpf.programs.adds_one.testRunSync({ data: frame, repeat: 3 });
    expect(bpf.maps.guarded.get(0)).toBe(3n);
  });

  it('is refused to any other program', async context => {
    need(context, 'map.exclusive');
    const { opened } = await exclusive();
    const error = await opened.load().catch(error => error);
    expect(error).toBeInstanceOf(VerifierError);
    expect(error).toMatchObject({ program: 'adds_two' });
    expect(error.verifierLog).toContain("program's hash doesn't match");
  });

  it('needs a kernel that knows of it', async context => {
    if (obstacle(features['map.exclusive'], thisKernel()) === undefined)
      return context.skip('this kernel has exclusive maps');
    const { opened } = await exclusive();
    await expect(opened.load()).rejects.toThrow(/map guarded is exclusive, which needs Linux 6\.18/);
  });

  it('is no other object’s', async () => {
    await using opened = await undecided.open();
    await using other = await probe.open();
    const argument = expect.objectContaining({ code: 'ERR_BPF_ARGUMENT' });
    expect(() => opened.maps.guarded.setExclusiveProgram(other.programs.passed)).toThrow(argument);
    expect(() => opened.maps.guarded.setExclusiveProgram(undefined as never)).toThrow(argument);
  });
});

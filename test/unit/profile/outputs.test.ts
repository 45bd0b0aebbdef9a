/** What is written of a profile, read back by what others wrote. */
import { gunzipSync } from 'node:zlib';
import { Profile as PprofProfile } from 'pprof-format';
import { describe, expect, it } from 'vitest';
import { compareProfiles, createProfile, type ProfileStack } from '../../../lib/profile/index.js';
import type { Frame, FrameKind } from '../../../lib/symbols/index.js';

function frame(name: string | undefined, kind: FrameKind = 'native', more: Partial<Frame> = {}): Frame {
  return { address: 0x1000n, kind, name, module: '/opt/app', moduleOffset: 0x42n, ...more };
}

const source = { file: '/app/order.ts', line: 12, column: 3 };
const total = frame('total', 'jit', { address: 0x2000n, symbol: 'JS:*total', source, tier: 'optimized' });
const stacks: ProfileStack[] = [
  { process: 'node', frames: [frame('tcp_sendmsg', 'kernel'), frame('write'), frame('main')], value: 7 },
  { process: 'node', frames: [total, frame('main')], value: 2 },
  { process: 'node', frames: [frame(undefined), frame('main')], value: 1 },
  { process: 'other; name', frames: [frame('<script>"&', 'unknown')], value: 30 },
];
const profile = createProfile(stacks, {
  unit: 'samples',
  startedAt: 1_700_000_000_000,
  duration: 2000,
  frequency: 100,
});

/** Of a thread that waited for a disk, and then for a CPU. */
const waits = createProfile(
  (['disk', 'runnable'] as const).map((state, i) => {
    return { process: 'node', state, frames: [frame('io_schedule', 'kernel'), frame('main')], value: 30 - i };
  }),
  { unit: 'nanoseconds' },
);

describe('a profile of waits', () => {
  it('has what was waited for behind the process', () => {
    expect(waits.folded()).toBe(
      'node;[disk];main;io_schedule_[k] 30\nnode;[runnable];main;io_schedule_[k] 29\n',
    );
    expect(waits.flameGraph()).toContain('>[disk] (');
    expect(waits.flameGraph()).toContain('>[runnable] (');
    const { shared, profiles } = JSON.parse(waits.speedscope());
    const names = profiles[0].samples.map((sample: number[]) => sample.map(at => shared.frames[at].name));
    expect(names[0]).toEqual(['node', '[disk]', 'main', 'io_schedule']);
  });

  it('has it as a label of pprof', () => {
    const { sample, stringTable } = PprofProfile.decode(gunzipSync(waits.pprof()));
    const labels = sample.map(({ label }) =>
      label.map(({ key, str }) => [key, str].map(index => stringTable.strings[Number(index)])),
    );
    expect(labels[1]).toEqual([
      ['process', 'node'],
      ['state', 'runnable'],
    ]);
  });

  it('refuses a state that there is not', () => {
    const stack = { process: 'a', state: 'waiting' as never, frames: [], value: 1 };
    expect(() => createProfile([stack], { unit: 'samples' })).toThrow(/no such state; there are running, /);
  });
});

describe('folded stacks', () => {
  it('are lines as flamegraph.pl reads them', () => {
    expect(profile.folded()).toBe(
      [
        'node;main;write;tcp_sendmsg_[k] 7',
        'node;main;total /app/order.ts:12_[j] 2',
        'node;main;app+0x42 1',
        'other: name;<script>"& 30',
        '',
      ].join('\n'),
    );
  });

  it('that are equal are one line', () => {
    const twice = createProfile([...stacks, ...stacks], { unit: 'samples' });
    expect(twice.folded().split('\n')).toHaveLength(5);
    expect(twice.folded()).toContain('tcp_sendmsg_[k] 14\n');
  });
});

describe('pprof', () => {
  const read = PprofProfile.decode(gunzipSync(profile.pprof()));
  const text = (index: number | bigint) => read.stringTable.strings[Number(index)];
  const functions = new Map(read.function.map(each => [Number(each.id), each]));
  const locations = new Map(read.location.map(each => [Number(each.id), each]));
  const namesOf = (ids: readonly (number | bigint)[]) =>
    ids.map(id => {
      const [line] = locations.get(Number(id))?.line ?? [];
      return text(functions.get(Number(line?.functionId))?.name ?? 0);
    });

  it('is compressed', () => expect(gunzipSync(profile.pprof()).length).toBeGreaterThan(100));

  it('has samples, and the time that they stand for', () => {
    expect(read.sampleType.map(({ type, unit }) => [text(type), text(unit)])).toEqual([
      ['samples', 'count'],
      ['cpu', 'nanoseconds'],
    ]);
    expect(read.sample.map(({ value }) => value.map(Number))).toEqual([
      [7, 70_000_000],
      [2, 20_000_000],
      [1, 10_000_000],
      [30, 300_000_000],
    ]);
    expect([Number(read.period), Number(read.durationNanos)]).toEqual([10_000_000, 2_000_000_000]);
    expect(BigInt(read.timeNanos)).toBe(1_700_000_000_000_000_000n);
  });

  it('has the frames, the innermost first, and the process as a label', () => {
    expect(read.sample.map(({ locationId }) => namesOf(locationId))).toEqual([
      ['tcp_sendmsg', 'write', 'main'],
      ['total', 'main'],
      ['app+0x42', 'main'],
      ['<script>"&'],
    ]);
    const labels = read.sample.map(({ label: [label] }) => [text(label?.key ?? 0), text(label?.str ?? 0)]);
    expect(labels[3]).toEqual(['process', 'other; name']);
    const compiled = read.function.find(({ name }) => text(name) === 'total');
    expect([text(compiled?.filename ?? 0), text(compiled?.systemName ?? 0)]).toEqual([
      '/app/order.ts',
      'JS:*total',
    ]);
    const [line] = read.location.find(({ address }) => Number(address) === 0x2000)?.line ?? [];
    expect(Number(line?.line)).toBe(12);
  });

  it('of time and memory has one value a sample', () => {
    const time = PprofProfile.decode(gunzipSync(createProfile(stacks, { unit: 'nanoseconds' }).pprof()));
    expect(time.sample.map(({ value }) => value.map(Number))).toEqual([[7], [2], [1], [30]]);
  });
});

describe('the formats', () => {
  it('have equal sums', () => {
    const folded = profile.folded().trimEnd().split('\n');
    const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);
    const { profiles } = JSON.parse(profile.speedscope());
    expect(profile.total).toBe(40);
    expect(sum(folded.map(line => Number(line.split(' ').at(-1))))).toBe(40);
    expect(sum(profiles[0].weights)).toBe(40);
  });
});

describe('a flame graph', () => {
  it('has frames as wide as they count, and is text that XML takes', () => {
    const svg = profile.flameGraph({ title: 'A & B', width: 1020 });
    const box = (name: string) =>
      new RegExp(`data-n="${name}".*?<rect x="([\\d.]+)" y="(\\d+)" width="([\\d.]+)"`);
    const [, mainX, mainY, mainWidth] = box('main').exec(svg) ?? [];
    const [, writeX, writeY, writeWidth] = box('write').exec(svg) ?? [];
    expect([Number(mainWidth), Number(writeWidth)]).toEqual([250, 175]);
    expect(Number(writeX)).toBeGreaterThanOrEqual(Number(mainX));
    expect(Number(mainY) - Number(writeY)).toBe(16);
    expect(svg).toContain('A &amp; B');
    expect(svg).toContain('&lt;script&gt;&quot;&amp;');
    expect(svg).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  });

  it('keeps control characters of names out', () => {
    const hostile = createProfile([{ process: 'x\u001b[2J', frames: [frame('\u0000]]>')], value: 1 }], {
      unit: 'samples',
    });
    const svg = hostile.flameGraph();
    expect(svg).toContain('x\ufffd[2J');
    expect(svg).toContain('\ufffd]]&gt;');
  });

  it('of a million stacks stays small, with the sums that they had', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => ({
      process: 'many',
      frames: [frame(`leaf${i}`), frame(`middle${i % 5000}`), frame('main')],
      value: 1 + (i % 3),
    }));
    const wide = createProfile(many, { unit: 'samples' });
    const svg = wide.flameGraph({ maxFrames: 2000 });
    expect(svg.length).toBeLessThan(1_000_000);
    const values = [...svg.matchAll(/data-v="(\d+)" data-d="(\d+)"/g)].map(([, value, depth]) => [
      Number(value),
      Number(depth),
    ]);
    for (const depth of [0, 1, 2, 3]) {
      const sum = values.filter(([, at]) => at === depth).reduce((all, [value = 0]) => all + value, 0);
      expect(sum).toBe(wide.total);
    }
  });

  it('of a function that calls hundreds of thousands is drawn', () => {
    const stacks = Array.from({ length: 300_000 }, (_, i) => {
      return { process: 'many', frames: [frame(`leaf${i}`), frame('main')], value: 1 };
    });
    expect(createProfile(stacks, { unit: 'samples' }).flameGraph()).toContain(
      'data-n="…" data-s="0" data-v="300000"',
    );
  });

  it('refuses options that cannot be meant', () => {
    expect(() => profile.flameGraph({ with: 1 } as never)).toThrow(/no option with; .*width/);
    expect(() => profile.flameGraph({ width: 5 })).toThrow(/width is a number from 100/);
    expect(() => profile.flameGraph({ maxFrames: Number.NaN })).toThrow(/maxFrames is a number from 1/);
  });
});

describe('two profiles', () => {
  const before = createProfile(
    [
      { process: 'a', frames: [frame('slow'), frame('main')], value: 50 },
      { process: 'a', frames: [frame('fast'), frame('main')], value: 50 },
    ],
    { unit: 'samples' },
  );
  const after = createProfile([{ process: 'a', frames: [frame('slow'), frame('main')], value: 10 }], {
    unit: 'samples',
  });

  it('are compared line by line', () => {
    expect(compareProfiles(before, after).folded()).toBe('a;main;slow 50 10\na;main;fast 50 0\n');
  });

  it('are drawn with what grew in red, by shares', () => {
    const svg = compareProfiles(before, after).flameGraph();
    expect(
      /<title>slow \(10 samples, 100.00 %, \+50.00 points\)<\/title><rect[^>]*fill="hsl\(0,/.exec(svg),
    ).not.toBeNull();
    expect(/<title>main \(10 samples, 100.00 %, \+0.00 points\)/.exec(svg)).not.toBeNull();
    expect(svg).not.toContain('fast');
    const back = compareProfiles(after, before).flameGraph();
    expect(
      /<title>slow \(50 samples, 50.00 %, -50.00 points\)<\/title><rect[^>]*fill="hsl\(220,/.exec(back),
    ).not.toBeNull();
  });

  it('of different units are refused', () => {
    const bytes = createProfile([], { unit: 'bytes' });
    expect(() => compareProfiles(before, bytes)).toThrow(/one counts samples, the other bytes/);
    expect(() => compareProfiles(before, {} as never)).toThrow(/give two profiles/);
  });
});

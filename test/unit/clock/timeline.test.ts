/** Clocks that a test sets: suspends, a wall clock that jumps, drift. */
import { expect, it } from 'vitest';
import { clocksOf } from '../../../lib/clock/clock.js';
import { Timeline } from '../../../lib/clock/timeline.js';

const second = 1_000_000_000n;
const start = Date.UTC(2026, 0, 1);

/** A machine with clocks, started long before. */
class Machine {
  monotonic = 1000n * second;
  suspended = 0n;
  wall = start;
  samples = 0;
  readonly clock = clocksOf(
    new Timeline(
      () => this.#sample(),
      () => this.wall,
    ),
  );

  run(seconds: number): void {
    this.monotonic += BigInt(seconds * 1e9);
    this.wall += seconds * 1000;
  }

  suspend(seconds: number): void {
    this.suspended += BigInt(seconds) * second;
    this.wall += seconds * 1000;
  }

  #sample() {
    this.samples++;
    const realtime = BigInt(this.wall) * 1_000_000n;
    return { monotonic: this.monotonic, boottime: this.monotonic + this.suspended, realtime };
  }
}

const at = (seconds: number) => new Date(start + seconds * 1000);

it('turns stamps into dates and back', () => {
  const machine = new Machine();
  const stamp = machine.monotonic + 5n * second;
  expect(machine.clock.monotonic.toDate(stamp)).toEqual(at(5));
  expect(machine.clock.monotonic.toDate(Number(stamp))).toEqual(at(5));
  expect(machine.clock.monotonic.fromDate(at(5))).toBe(stamp);
  expect(machine.clock.monotonic.toUnix(stamp + 7n)).toBe(BigInt(start) * 1_000_000n + 5n * second + 7n);
});

it('keeps the dates of monotonic stamps across suspends', () => {
  const machine = new Machine();
  const { monotonic } = machine.clock;
  const stamps: [bigint, number][] = [];
  let elapsed = 0;
  for (const night of [3600, 28_800, 60]) {
    stamps.push([machine.monotonic, elapsed]);
    monotonic.toDate(machine.monotonic);
    machine.run(10);
    monotonic.toDate(machine.monotonic);
    machine.suspend(night);
    machine.run(1);
    elapsed += 11 + night;
    stamps.push([machine.monotonic, elapsed]);
    expect(monotonic.toDate(machine.monotonic)).toEqual(at(elapsed));
  }
  for (const [stamp, seconds] of stamps) {
    expect(monotonic.toDate(stamp)).toEqual(at(seconds));
    expect(monotonic.fromDate(at(seconds))).toBe(stamp);
  }
});

it('gives a date within a suspend the moment at which it began', () => {
  const machine = new Machine();
  const { monotonic } = machine.clock;
  monotonic.toDate(machine.monotonic);
  const before = machine.monotonic;
  machine.suspend(100);
  expect(monotonic.fromDate(at(50))).toBe(before);
  expect(monotonic.fromDate(at(101))).toBe(before + second);
});

it('needs no history for time since boot', () => {
  const machine = new Machine();
  const { boottime } = machine.clock;
  const stamp = machine.monotonic;
  machine.suspend(3600);
  machine.run(1);
  expect(boottime.toDate(stamp)).toEqual(at(0));
  expect(boottime.toDate(machine.monotonic + machine.suspended)).toEqual(at(3601));
  expect(boottime.fromDate(at(0))).toBe(stamp);
});

it('follows a wall clock that is set, forth and back, at once', () => {
  const machine = new Machine();
  const stamp = machine.monotonic;
  for (const jump of [3600, -7200, 0.2]) {
    machine.clock.boottime.toDate(stamp);
    const before = machine.clock.boottime.toDate(stamp).getTime();
    machine.wall += jump * 1000;
    expect(machine.clock.boottime.toDate(stamp).getTime()).toBe(before + jump * 1000);
  }
});

it('samples at most ten times a second, and never by itself', () => {
  const machine = new Machine();
  for (let call = 0; call < 1000; call++) {
    machine.clock.monotonic.toDate(machine.monotonic);
    machine.run(0.001);
  }
  expect(machine.samples).toBeLessThanOrEqual(10);
});

it('remembers some suspends only', () => {
  const machine = new Machine();
  for (let night = 0; night < 3000; night++) {
    machine.clock.monotonic.toDate(machine.monotonic);
    machine.suspend(1);
    machine.run(1);
  }
  const today = machine.clock.monotonic.toDate(machine.monotonic).getTime();
  expect(today).toBe(machine.wall);
});

/** How long a reader leaves records alone: never so long that more of the ring than a quarter fills. */
import { describe, expect, it } from 'vitest';
import { PollPolicy } from '../../../lib/events/fd-poll.js';

/** A source that wakes its reader every `gap` milliseconds, each time with so many records in so much of the ring. */
function busy(gap: number, records: number, fill: number): { policy: PollPolicy; tick: number } {
  const policy = new PollPolicy();
  let tick = 0;
  for (let wake = 0; wake < 200; wake++) {
    policy.woken(wake * gap);
    policy.read(records, fill);
    tick = policy.next(4);
  }
  return { policy, tick };
}

describe('a busy source', () => {
  it('is looked at by a timer, as seldom as the ring allows', () => {
    expect(busy(0.2, 10, 0.001).tick).toBe(4);
    const { tick } = busy(0.2, 10, 0.02);
    expect(tick).toBeGreaterThanOrEqual(1);
    expect((tick / 0.2) * 0.02).toBeLessThanOrEqual(1 / 4);
  });

  it('is watched where a quarter of the ring would fill before a timer can look', () => {
    expect(busy(0.2, 10, 0.06).tick).toBe(0);
  });

  it('is watched again as soon as a look finds a quarter of the ring full', () => {
    const { policy } = busy(0.2, 10, 0.001);
    expect(policy.rests).toBe(true);
    policy.read(1000, 1 / 4);
    expect(policy.rests).toBe(false);
    expect(policy.next(4)).toBe(0);
  });

  it('and one that is calm is watched', () => {
    expect(busy(5, 1, 0.001).tick).toBe(0);
  });
});

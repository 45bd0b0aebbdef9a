/** Readers in line: one batch each, one after the other, then the event loop goes around. */
import { setImmediate as around } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { enqueue, startSlice, type Task } from '../../../lib/events/scheduler.js';

/** A reader whose loop has had its batch when the promise of it was kept. */
function reader(name: string, seen: string[]): Task {
  const run = () => {
    seen.push(`${name} reads`);
    void Promise.resolve().then(() => seen.push(`${name} has it`));
  };
  return { run };
}

function wake(readers: readonly Task[], began = performance.now() + 1000): void {
  startSlice(began, () => {
    for (const one of readers) enqueue(one);
  });
}

describe('readers that are woken together', () => {
  it('read when the one before has had its batch', async () => {
    const seen: string[] = [];
    wake(['a', 'b', 'c'].map(name => reader(name, seen)));
    expect(seen).toEqual(['a reads']);
    await around();
    expect(seen).toEqual(['a reads', 'a has it', 'b reads', 'b has it', 'c reads', 'c has it']);
  });

  it('let the event loop go around when the turn is over', async () => {
    const seen: string[] = [];
    wake([reader('a', seen), reader('b', seen)], performance.now() - 5);
    setImmediate(() => seen.push('others'));
    await around();
    expect(seen.slice(0, 2)).toEqual(['a reads', 'a has it']);
    await around();
    expect(seen).toContain('b has it');
    expect(seen.indexOf('others')).toBeGreaterThan(seen.indexOf('a has it'));
  });

  it('read behind one that throws', async () => {
    const seen: string[] = [];
    const broken = {
      run: () => {
        throw new Error('planned');
      },
    };
    expect(() => wake([broken, reader('b', seen)])).toThrow('planned');
    await around();
    expect(seen).toEqual(['b reads', 'b has it']);
  });
});

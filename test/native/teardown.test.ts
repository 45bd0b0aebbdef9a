/** Ends of every kind, at every stage, on the main thread and in workers: nothing crashes, nothing stays attached. */
import { describe, expect, it } from 'vitest';
import { runScript } from '../support/child.js';
import { stages, terminating, upTo } from '../support/stages.js';

/** Workers one after the other. */
const rounds = 3;

const ends = {
  exit: 'process.exit(0);',
  'uncaught throw': "throw new Error('planned');",
};

describe.each(stages.map(([name]) => name))('%s', stage => {
  it.each(Object.entries(ends))('then %s', async (name, end) => {
    const { code, signal, stderr } = await runScript(`${upTo(stage)}\n${end}`);
    expect({ code, signal }, stderr).toEqual({ code: name === 'exit' ? 0 : 1, signal: null });
  });

  it('then a worker is terminated', async () => {
    const { code, signal, stdout, stderr } = await runScript(terminating(stage, rounds));
    expect({ code, signal, stdout }, stderr).toEqual({ code: 0, signal: null, stdout: '1\n'.repeat(rounds) });
  });
});

/** Many lives in one process: objects and workers come and go, and nothing of them stays. */
import { describe, expect, it } from 'vitest';
import { runScript } from '../support/child.js';
import { stages, terminating } from '../support/stages.js';

/** What a process has: descriptors, kilobytes of memory, mappings. */
const measure = `
  import { readdirSync, readFileSync } from 'node:fs';
  function measured() {
    globalThis.gc();
    const rss = Number(/VmRSS:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
    const mappings = readFileSync('/proc/self/maps', 'utf8').split('\\n').length;
    return { fds: readdirSync('/proc/self/fd').length, rss, mappings };
  }
`;

const cycles = 10_000;
const object = new URL('../bpf/probe.bpf.o', import.meta.url).pathname;
const cycling = `
  import { loadSync, load } from 'libbpf-ts';
  ${measure}
  const object = ${JSON.stringify(object)};
  const initial = { rodata: { target_pid: process.pid, watched: 110n } };
  async function cycle() {
    const bpf = await load(object, initial);
    await bpf.attach();
    await bpf.close();
    const again = loadSync(object, initial);
    again.attachSync();
    again[Symbol.dispose]();
  }
  for (let number = 0; number < 500; number++) await cycle();
  const before = measured();
  for (let number = 500; number < ${cycles / 2}; number++) await cycle();
  console.log(JSON.stringify({ before, after: measured() }));
`;

describe('a process', () => {
  it(`that opens, loads, attaches and closes ${cycles} objects is as it was`, async () => {
    const { stdout, stderr } = await runScript(cycling, ['--expose-gc']);
    expect(stderr).toBe('');
    const { before, after } = JSON.parse(stdout);
    expect(after.fds).toBe(before.fds);
    expect(after.mappings).toBeLessThan(before.mappings + 20);
    expect(after.rss).toBeLessThan(before.rss + 16_384);
  });

  it.each(stages.map(([name]) => name))('ends 50 workers, %s, and keeps nothing of them', async stage => {
    const script = `
      ${measure}
      ${terminating(stage, 5)}
      const before = measured();
      {${terminating(stage, 45)
        .replace(/import .*\n/, '')
        .replaceAll('console.log', 'void ')}}
      console.log(measured().fds - before.fds);
    `;
    const { code, stdout, stderr } = await runScript(script, ['--expose-gc']);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${'1\n'.repeat(5)}0\n` });
  });
});

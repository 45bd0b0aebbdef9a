/** Ring buffers at full speed for a minute, and at rest for ten seconds. */
import { describe, expect, it } from 'vitest';
import { runScript } from '../support/child.js';
import { flood } from '../support/flood.js';

describe('ring buffers', () => {
  it.each([1, 10])('lose nothing uncounted for a minute of flood: %i of them', async rings => {
    const heap = () => process.memoryUsage().heapUsed / 2 ** 20;
    await flood({ milliseconds: 2000, rings });
    globalThis.gc?.();
    const before = heap();
    const {
      received,
      produced,
      dropped,
      ordered,
      rings: each,
      lags,
    } = await flood({ milliseconds: 60_000, rings });
    globalThis.gc?.();
    expect(received + dropped).toBe(produced);
    expect(ordered).toBe(true);
    expect(Math.min(...each)).toBeGreaterThan(0);
    expect(heap() - before).toBeLessThan(32);
    // A timing never decides a test: it is told.
    const lag = lags[Math.floor(lags.length * 0.99)] ?? Number.NaN;
    console.log(
      `${rings} rings: ${received} received, ${dropped} dropped of ${produced}; a 10 ms timer is late by ${lag.toFixed(1)} ms at p99`,
    );
  });

  it('make no wake-up in ten seconds of rest', async () => {
    const script = `
      import { readFileSync } from 'node:fs';
      import { load } from 'libbpf-ts';
      const bpf = await load(${JSON.stringify(new URL('../bpf/stream.bpf.o', import.meta.url).pathname)});
      const next = bpf.maps.events.events().next();
      const switches = () => Number(/^voluntary_ctxt_switches:\\s*(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
      await new Promise(resolve => setTimeout(resolve, 2000));
      const before = switches();
      await new Promise(resolve => setTimeout(resolve, 10_000));
      console.log(switches() - before);
      await bpf.close();
      await next;
    `;
    // V8 would tidy up what loading left, some seconds later: a dozen wake-ups, with a reader or without one.
    const { stdout, stderr } = await runScript(script, ['--no-memory-reducer']);
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeLessThan(4);
  });
});

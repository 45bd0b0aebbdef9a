/** What scripts print is what bpftrace 0.27.1 printed for them on Linux 6.18: `printed.json` is its output. */
import { readFileSync } from 'node:fs';
import { compileTrace, tracePrinter } from 'libbpf-ts/trace';
import { describe, expect, it } from 'vitest';

interface Printed {
  readonly script: string;
  readonly text: string;
  readonly json: string;
}

const printed: Printed[] = JSON.parse(readFileSync(new URL('printed.json', import.meta.url), 'utf8'));

async function print(script: string, format: 'text' | 'json'): Promise<string> {
  const printer = tracePrinter(format);
  const compiled = compileTrace(script, { name: 'stdin' });
  await using running = await compiled.start();
  let text = format === 'json' ? printer.attached(compiled.probes.length) : '';
  let isAtEnd = false;
  for await (const event of running) {
    if (event.type === 'map' && event.isFinal && !isAtEnd) text += printer.ending;
    isAtEnd ||= event.type === 'map' && event.isFinal;
    text += printer.event(event);
  }
  return isAtEnd ? text : text + printer.ending;
}

describe.each(['text', 'json'] as const)('as %s', format => {
  it.each(printed)('$script', async row => {
    expect(await print(row.script, format)).toBe(row[format]);
  });
});

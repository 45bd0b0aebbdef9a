/** Objects whose rings count are objects to any loader on libbpf. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { stream } from '../bpf/stream.bpf.js';
import { libbpfProgram } from '../support/program.js';

it('libbpf loads a ring that counts, and we know the type of its records', async () => {
  const binary = libbpfProgram(new URL('counted-ring.c', import.meta.url));
  const object = new URL('../bpf/stream.bpf.o', import.meta.url).pathname;
  const printed = execFileSync(binary, [object, 'events'], { encoding: 'utf8' });
  expect(printed).toBe(`${256 * 1024} 0\n`);
  expect(stream.description.maps.events.value?.type).toBe('struct event');
});

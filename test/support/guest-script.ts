/** A script in a guest of its own: what it does to the machine, nobody can undo. */
import { expect } from 'vitest';
import { guestEnvironment } from '../vm/environment.mjs';
import { imageOf, runInGuest } from '../vm/guest.mjs';
import { kernelNamed } from '../vm/kernels.mjs';
import { checkout } from './child.js';

/** What it prints. @param kernel - by its name in test/vm/kernels.mjs */
export async function inGuest(kernel: string, script: string): Promise<string> {
  const image = await imageOf(kernelNamed(kernel));
  let output = '';
  const keep = (chunk: unknown) => (output += chunk);
  const { code } = await runInGuest(image, {
    command: [process.execPath, '--input-type=module', '-e', script],
    environment: guestEnvironment(image),
    folder: checkout,
    seconds: 300,
    stdout: keep,
    stderr: keep,
  });
  expect(code, output).toBe(0);
  return output;
}

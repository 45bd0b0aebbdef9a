/** A folder for what tests compile, removed when the file's tests have ended. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file in it. In a guest all test files share a process: the folder may be gone with the first of them. */
export function temporary(name: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}

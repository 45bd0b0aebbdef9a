/** The oldest TypeScript that reads the package's declarations, and what the one before it says. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaintsOf, projectOfDoors, ways } from '../package/declarations.js';
import { type ToolName, toolFolder } from '../package/tools.js';

let project: ReturnType<typeof projectOfDoors>;

beforeAll(() => {
  project = projectOfDoors();
});

afterAll(() => project.remove());

it.each(ways)('TypeScript 5.7 reads them all as module %s, resolution %s', (...way) => {
  expect(complaintsOf(compiler('typescript-5.7'), project.folder, way)).toBe('');
});

it('TypeScript 5.6 does not know whose memory a Uint8Array is', () => {
  const said = complaintsOf(compiler('typescript-5.6'), project.folder, ['node16', 'node16'], 'esnext');
  expect(said).toMatch(/TS2315: Type 'Uint8Array' is not generic/);
});

function compiler(name: ToolName): string {
  return join(toolFolder(name), 'node_modules', name, 'bin/tsc');
}

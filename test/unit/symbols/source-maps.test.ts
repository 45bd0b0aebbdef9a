/** Source maps of others: damaged ones lead nowhere, and none takes long. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SourceMaps } from '../../../lib/symbols/source-maps.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The place of a position in a file of this text. */
function placeIn(text: string) {
  const file = join(folder, 'app.js');
  writeFileSync(file, text);
  return new SourceMaps('/').original({ file, line: 1, column: 1 });
}

const map = (sources: string[], mappings = 'AAAA') => {
  const json = JSON.stringify({ version: 3, sources, names: [], mappings });
  return `1;\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString('base64')}\n`;
};

describe('a position', () => {
  it('is that of the source, by the last map that the file names', async () => {
    const place = await placeIn(`//# sourceMappingURL=other.map\n${map(['src/app.ts'])}`);
    expect(place).toEqual({ file: join(folder, 'src/app.ts'), line: 1, column: 1 });
  });

  it.each([
    ['names no file of this machine', map(['file://elsewhere/app.ts'])],
    ['is no JSON', '1;\n//# sourceMappingURL=data:application/json;base64,AAAA\n'],
    ['has no mappings', map([], '!!!')],
    ['is on the network', '1;\n//# sourceMappingURL=https://localhost/app.js.map\n'],
    ['is not there', '1;\n//# sourceMappingURL=missing.map\n'],
    ['is none', '1;\n'],
  ])('stays where the map %s', async (_, text) => {
    expect(await placeIn(text)).toEqual({ file: join(folder, 'app.js'), line: 1, column: 1 });
  });

  it('is found at once in a file that names maps without end', async () => {
    expect((await placeIn('//# sourceMappingURL='.repeat(500_000))).file).toBe(join(folder, 'app.js'));
  });
});

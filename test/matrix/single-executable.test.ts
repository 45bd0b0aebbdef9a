/** The example of a single executable, built as its README says, in a place without Node's packages. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { installedProject, output, outputWith } from '../package/project.js';
import { toolCommand } from '../package/tools.js';

it('carries its object and the addon', () => {
  const { folder, remove } = installedProject({});
  const away = mkdtempSync(join(tmpdir(), 'libbpf-ts-away-'));
  try {
    for (const name of ['single-executable', 'execsnoop'])
      cpSync(join('examples', name), join(folder, name), { recursive: true });
    const folders = (['esbuild', 'postject'] as const).map(name => dirname(toolCommand(name)));
    const path = [...folders, process.env.PATH].join(delimiter);
    const out = outputWith(
      { PATH: path },
      folder,
      process.execPath,
      'single-executable/build.mjs',
      'out/app',
    );
    expect(out.trim().split('\n').at(-1)).toBe('out/app');
    cpSync(join(folder, 'out/app'), join(away, 'app'));
    expect(output(away, join(away, 'app'))).toMatch(/^true was executed as process \d+\n$/);
    const files = execFileSync('find', [away, '-mindepth', '1'], { encoding: 'utf8' });
    expect(files).toBe(`${join(away, 'app')}\n`);
  } finally {
    remove();
    rmSync(away, { recursive: true });
  }
});

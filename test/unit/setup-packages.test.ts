/** Who asks for some tests has not asked for packages: what is missing is said, and nothing is installed. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporary } from '../support/temporary.js';

it('npm test of some tests says which packages are missing', () => {
  const folder = temporary('bin');
  const called = join(folder, 'called');
  mkdirSync(folder, { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node'));
  writeFileSync(join(folder, 'apt-get'), `#!/bin/sh\n: > ${called}\n`);
  chmodSync(join(folder, 'apt-get'), 0o755);
  const script = `process.getuid = () => 0; process.argv.push('--project', 'unit'); import('./.setup/test.mjs');`;
  const { stderr, status } = spawnSync(process.execPath, ['-e', script], {
    env: { PATH: folder },
    encoding: 'utf8',
  });
  expect([stderr, status]).toEqual([expect.stringMatching(/^These packages are missing: .*pahole.*\. npm run setup installs them\.\n$/), 1]); // biome-ignore format: one line
  expect(existsSync(called)).toBe(false);
});

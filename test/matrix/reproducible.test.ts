/** A binary of the package that is built once more, from nothing that a compiler has kept, has the same bytes. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { buildTarget } from '../../.setup/cross/build.mjs';
import { addonOf } from '../../.setup/cross/steps.mjs';
import { targets } from '../../.setup/cross/targets.mjs';
import { tarball } from '../package/project.js';
import { temporary } from '../support/temporary.js';

it.each(targets.filter(({ architecture }) => architecture === 'x64'))('$name', async target => {
  tarball();
  const folder = temporary(target.name);
  const path = join(folder, target.file);
  mkdirSync(dirname(path), { recursive: true });
  const log = { path: '', line: '', write() {} };
  await buildTarget(log, target, folder, join(folder, 'cache'));
  expect(readFileSync(path).equals(readFileSync(addonOf(target.name)))).toBe(true);
});

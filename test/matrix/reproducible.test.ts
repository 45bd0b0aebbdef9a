/** The binaries of the package: whoever builds them again has the same bytes. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { buildTarget } from '../../.setup/cross/build.mjs';
import { targets } from '../../.setup/cross/targets.mjs';
import { output, tarball } from '../package/project.js';
import { temporary } from '../support/temporary.js';

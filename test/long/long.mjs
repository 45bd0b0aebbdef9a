// `npm run test:long`: the tests that take minutes, over the types of every kernel. What follows `--` goes to vitest.
import { become } from '../../.setup/command.mjs';
import { installPackages } from '../../.setup/packages.mjs';
import { prepare } from '../../.setup/prepare.mjs';
import { collect } from '../foreign/collect.mjs';
import { imageOf } from '../vm/guest.mjs';
import { kernelBtf } from '../vm/kernel-types.mjs';
import { kernels } from '../vm/kernels.mjs';

await prepare(['build', 'bpf', 'test']);
await installPackages(['vm']);
const images = [];
for (const kernel of kernels) images.push(await imageOf(kernel));
process.env.LIBBPF_TS_LONG = images.map(kernelBtf).join(':');
process.env.LIBBPF_TS_MODULES = images.map(({ modules }) => modules).join(':');
process.env.LIBBPF_TS_FOREIGN = await collect();
const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run'];
process.exitCode = await become([
  ...vitest,
  '--project',
  'long',
  '--project',
  'foreign',
  '--project',
  'matrix',
  ...process.argv.slice(2),
]);

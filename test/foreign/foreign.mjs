// `npm run test:foreign`: other people's objects, in plain libbpf and here. Folders that are named are checkouts to take
// programs from as well, `libbpf-tools=FOLDER` one in place of Debian's sources; what follows `--` goes to vitest.
import { join } from 'node:path';
import { become } from '../../.setup/command.mjs';
import { prepare } from '../../.setup/prepare.mjs';
import { collect } from './collect.mjs';

const end = process.argv.indexOf('--');
const checkouts = process.argv.slice(2, end < 0 ? undefined : end);
await prepare(['build', 'bpf', 'test']);
process.env.LIBBPF_TS_FOREIGN = await collect(checkouts.length > 0 ? checkouts : undefined);
const vitest = join('node_modules', 'vitest', 'vitest.mjs');
const rest = end < 0 ? [] : process.argv.slice(end + 1);
process.exitCode = await become(['node', vitest, 'run', '--project', 'foreign', ...rest]);

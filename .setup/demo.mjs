// `npm run demo`: streams process executions from the kernel; `-- COMMAND` those of a command, `-- --all` all.
import { become } from './command.mjs';
import { prepare } from './prepare.mjs';
import { addon, bundle, demo, npmPackages } from './steps.mjs';
import { mountTracefs } from './tracefs.mjs';

await prepare(['build', 'bpf'], [npmPackages, addon, bundle, demo]);
mountTracefs();
process.exitCode = await become(['node', 'build/demo/demo.js', ...process.argv.slice(2)]);

// `npm run demo`: streams process executions from the kernel; `-- COMMAND` those of a command, `-- --all` all.
import { become } from './command.mjs';
import { prepare } from './prepare.mjs';
import { mountTracefs } from './tracefs.mjs';

await prepare(['build', 'bpf']);
mountTracefs();
process.exitCode = await become(['node', 'build/examples/execsnoop/main.js', ...process.argv.slice(2)]);

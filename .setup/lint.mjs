// `npm run lint`: every check of the source, one line each; `npm run format` writes what can be written.

import { checks, formatters } from './checks.mjs';
import { runAll } from './command.mjs';
import { everyStep, prepare } from './prepare.mjs';
import { attempt } from './progress.mjs';
import { kernelHeader } from './steps.mjs';

await prepare(['build', 'bpf', 'lint'], [...everyStep, kernelHeader]);
const work = process.argv.includes('--fix') ? formatters : checks;
for (const { title, commands } of work) {
  const passed = await attempt(title, log => runAll(log, commands()));
  if (!passed) process.exitCode = 1;
}

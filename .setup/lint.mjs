// `npm run lint`: every check of the source, one line each; `npm run format` writes what can be written.

import { checks, formatters } from './checks.mjs';
import { runAll } from './command.mjs';
import { everyStep, prepare } from './prepare.mjs';
import { attempt } from './progress.mjs';
import { isFresh, stamp } from './stamp.mjs';
import { kernelHeader } from './steps.mjs';

await prepare(['build', 'bpf', 'lint'], [...everyStep, kernelHeader]);
const work = process.argv.includes('--fix') ? formatters : checks;
for (const { title, commands, product } of work) {
  const waiting = commands().filter(command => !(product && isFresh(product(command))));
  const passed = await attempt(title, log =>
    runAll(log, waiting, command => product && stamp(product(command))),
  );
  if (!passed) process.exitCode = 1;
}

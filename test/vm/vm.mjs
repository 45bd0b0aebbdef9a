// `npm run vm -- 6.12`: a shell under another kernel; `npm run vm -- 6.12 COMMAND…` runs one command there.
import { checkMachine } from '../../.setup/machine.mjs';
import { installPackages } from '../../.setup/packages.mjs';
import { fail } from '../../.setup/progress.mjs';
import { guestEnvironment } from './environment.mjs';
import { imageOf, runInGuest } from './guest.mjs';
import { kernelNamed, names } from './kernels.mjs';
import { hostTerminal } from './terminal.mjs';

const [name, ...command] = process.argv.slice(2);
if (name === undefined) fail(`npm run vm -- KERNEL [COMMAND…], where KERNEL is one of ${names()}.`);
const kernel = kernelOrFail(name);
checkMachine();
await installPackages(['vm']);
const image = await imageOf(kernel);
const terminal = hostTerminal();
if (command.length === 0 && terminal === undefined)
  fail('A shell needs a terminal: run this on one, or give a command.');
const { code } = await runInGuest(image, {
  command: command.length > 0 ? command : [process.env.SHELL ?? '/bin/sh'],
  environment: guestEnvironment(image),
  folder: process.env.INIT_CWD ?? process.cwd(),
  ...(terminal && { terminal }),
  stdout: chunk => process.stdout.write(chunk),
  stderr: chunk => process.stderr.write(chunk),
});
process.exit(code);

/** @param {string} name */
function kernelOrFail(name) {
  try {
    return kernelNamed(name);
  } catch (error) {
    return fail(/** @type {Error} */ (error).message);
  }
}

// `npm test`: every test, and those that few machines' own kernels can run in a virtual machine too;
// `npm test -- --project unit` those of one kind. What follows `--` goes to vitest. The whole run installs what is missing,
// a part says what that is. `--except-kernel`: the whole run without what `npm run test:vm` does on every kernel.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { become } from './command.mjs';
import { root } from './paths.mjs';
import { prepare, prepareInstalled } from './prepare.mjs';
import { mountTracefs } from './tracefs.mjs';

const results = join(root, 'build/test-results.json');

/** kprobes, trampolines and security hooks, which take a kernel that is built for them. */
const inVirtualMachine = ['node', 'test/vm/test.mjs', '6.12', '--filter', 'kernel/attach'];

const given = process.argv.slice(2);
const exceptKernel = given.length === 1 && given[0] === '--except-kernel';
const whole = given.length === 0 || exceptKernel;
const chosen = exceptKernel ? ['--project', '!kernel'] : given;
/** @type {import('./packages.mjs').Purpose[]} */
const purposes = ['build', 'bpf', 'test'];
// Who asks for some tests has not asked for packages.
await (whole ? prepare([...purposes, 'docs']) : prepareInstalled(purposes));
mountTracefs();
rmSync(results, { force: true });
const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run'];
process.exitCode = await become([...vitest, ...chosen]);
if (given.length === 0) process.exitCode ||= await become(inVirtualMachine);
if (existsSync(results)) console.log(countsIn(JSON.parse(readFileSync(results, 'utf8'))));

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[] }} report vitest's, in Jest's form
 */
function countsIn({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  const files = testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && assertionResults.every(test => test.status !== 'failed');
  }); // those that could not be read, or that left something open
  const failed = numFailedTests + files.length;
  return `${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`;
}

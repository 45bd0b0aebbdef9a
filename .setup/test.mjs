// `npm test`: every test; `npm test -- --project unit` those of one kind. What follows `--` goes to vitest.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { become } from './command.mjs';
import { root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { mountTracefs } from './tracefs.mjs';

const results = join(root, 'build/test-results.json');

await prepare(['build', 'bpf', 'test']);
mountTracefs();
rmSync(results, { force: true });
const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
process.exitCode = await become([...vitest, ...process.argv.slice(2)]);
if (existsSync(results)) console.log(countsIn(JSON.parse(readFileSync(results, 'utf8'))));

/** @param {Record<string, number>} report vitest's, in the form of Jest's */
function countsIn({ numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 }) {
  return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`;
}

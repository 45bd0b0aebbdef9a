// `npm run test:sanitize`: the tests of the addon, built with AddressSanitizer and UndefinedBehaviorSanitizer.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { become, run } from './command.mjs';
import { root } from './paths.mjs';
import { everyStep, prepare } from './prepare.mjs';
import { nodeGypOptions } from './steps.mjs';
import { mountTracefs } from './tracefs.mjs';

const folder = 'build/sanitize';
const cmake = [
  'build',
  '-d',
  'native',
  '-O',
  `${folder}/build/Debug`,
  '--debug',
  '--CDSANITIZE=address,undefined',
];

/** @type {import('./steps.mjs').Step} */
const sanitized = {
  name: 'sanitized-addon',
  title: 'build the addon with sanitizers',
  inputs: ['native'],
  outputs: [`${folder}/build/Debug/bpf.node`],
  work: log => run(log, ['node', 'node_modules/cmake-js/bin/cmake-js', ...cmake], { env: nodeGypOptions() }),
};

await prepare(['build', 'bpf', 'test', 'debug'], [...everyStep, sanitized]);
mountTracefs();
// The runtimes must come before Node, which knows nothing of them; what V8 keeps until the end is no leak of ours.
const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run'];
process.env.LD_PRELOAD = ['libasan.so', 'libstdc++.so.6'].map(runtime).join(' ');
process.env.ASAN_OPTIONS = 'detect_leaks=0';
// What is undefined ends the process, so that its test fails.
process.env.UBSAN_OPTIONS = 'halt_on_error=1:print_stacktrace=1';
process.env.LIBBPF_TS_PREBUILD = join(root, folder);
process.env.PATH = [withoutRuntimes('bpftool', 'curl'), process.env.PATH].join(delimiter);
process.exitCode = await become([
  ...vitest,
  '--project',
  'native',
  '--project',
  'kernel',
  '--project',
  'live',
  ...process.argv.slice(2),
]);

/**
 * Under the runtimes a long dump of bpftool's takes minutes, and curl never ends; neither is what is tested.
 *
 * @param {string[]} programs
 * @returns {string} the folder that has them without runtimes
 */
function withoutRuntimes(...programs) {
  const bin = join(root, folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const program of programs) {
    const path = execFileSync('sh', ['-c', 'PATH=$PATH:/usr/sbin command -v "$0"', program], {
      encoding: 'utf8',
    });
    const script = `#!/bin/sh\nunset LD_PRELOAD\nexec ${path.trim()} "$@"\n`;
    writeFileSync(join(bin, program), script, { mode: 0o755 });
  }
  return bin;
}

/** @param {string} file */
function runtime(file) {
  return execFileSync('cc', [`-print-file-name=${file}`], { encoding: 'utf8' }).trim();
}

// `npm run test:arm64`: builds the addon that the package has for arm64, and tries what everything else stands on in
// arm64 machines, with pages of 4 and of 16 KiB.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../.setup/command.mjs';
import { addonOf, prebuildSteps } from '../../.setup/cross/steps.mjs';
import { nodeBinary, nodeVersions } from '../../.setup/nodes.mjs';
import { root } from '../../.setup/paths.mjs';
import { everyStep, prepare } from '../../.setup/prepare.mjs';
import { step } from '../../.setup/progress.mjs';
import { imageOf, runInGuest } from './guest.mjs';
import { kernelBtf } from './kernel-types.mjs';
import { arm64 } from './kernels.mjs';
import { unpackUserland } from './userland.mjs';

const architecture = 'arm64';
const folder = 'build/arm64';
const userland = join(root, folder, 'root');
/** Debian's arm64 has glibc. */
const target = 'linux-arm64-glibc';
/** It runs TypeScript as it is. */
const version = nodeVersions[24];
const programs = ['kprobe', 'fentry', 'stream', 'user_ring', 'memory', 'arena', 'perf'];
const sources = ['examples/execsnoop/execsnoop.bpf.c', ...programs.map(name => `test/bpf/${name}.bpf.c`)];
const tests = ['test/arm64/core.test.ts', 'test/arm64/pages.test.ts'];
/** Of each machine. */
const secondsForAll = 300;

await prepare(['build', 'bpf', 'test', 'vm', 'package', 'arm64'], [...everyStep, ...prebuildSteps(target)]);
await step('get the files of an arm64 machine', () => unpackUserland(architecture, userland));
/** @type {[image: import('./kernel-image.mjs').KernelImage, pageSize: number][]} */
const machines = [];
for (const kernel of arm64) machines.push([await imageOf(kernel), kernel.pageSize]);
/** Those of one kernel: the programs find their way on the other. */
const types = kernelBtf(await imageOf(arm64[0]));
await step('compile BPF programs for arm64', log => {
  mkdirSync(join(root, folder, 'bpf'), { recursive: true });
  const options = ['--target', architecture, '--btf', types, '--output', `${folder}/bpf`];
  return run(log, ['node', 'dist/cli/main.js', 'build', ...options, ...sources]);
});
await step(`get Node ${version} for arm64`, () => {
  nodeBinary(version, architecture);
});
const codes = [];
for (const machine of machines) codes.push(await testOn(...machine));
process.exit(codes.find(code => code !== 0) ?? 0);

/**
 * Every test, in one process.
 *
 * @param {import('./kernel-image.mjs').KernelImage} image
 * @param {number} pageSize
 */
async function testOn(image, pageSize) {
  const options = ['--no-warnings', '--test', '--test-isolation=none', '--test-reporter=spec'];
  const started = performance.now();
  const { code, ready = 0 } = await runInGuest(image, {
    command: [nodeBinary(version, architecture), ...options, ...tests],
    environment: {
      LIBBPF_TS_ADDON: addonOf(target),
      BPF_MODULES: join(root, folder, 'bpf'),
      PAGE_SIZE: String(pageSize),
      PATH: '/usr/bin:/bin',
    },
    userland,
    folder: root,
    seconds: secondsForAll,
    stdout: chunk => process.stdout.write(chunk),
    stderr: chunk => process.stderr.write(chunk),
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`Linux ${image.release}: ready after ${ready.toFixed(1)} s, done after ${seconds} s`);
  return code;
}

// From a clone to something that runs: each step knows what it is made from, and is left out while that is unchanged.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './command.mjs';
import { doors } from './doors.mjs';
import { makeOracles } from './oracles.mjs';
import { filesIn, root } from './paths.mjs';
import { beginProjects } from './projects.mjs';
import { forget, stamp } from './stamp.mjs';
import { toolNames } from './tool-names.mjs';

/** @typedef {import('./progress.mjs').Log} Log */
/** @typedef {import('./stamp.mjs').Product & { title: string, work: (log: Log) => void | Promise<void> }} Step */

const bpfSources = ['examples', 'test'].flatMap(folder => filesIn(folder, '.bpf.c'));
const bpfHeaders = ['examples', 'test'].flatMap(folder => filesIn(folder, '.h'));
const bpfObjects = bpfSources.map(source => source.replace(/c$/, 'o'));
const bpfModules = bpfSources.map(source => source.replace(/c$/, 'ts'));

/** The tool of the same name is built with the others. */
const demoSources = filesIn('examples/execsnoop', '.ts').filter(file => !/(\.bpf|\/main)\.ts$/.test(file));

/** @type {Step} */
export const npmPackages = {
  name: 'npm-packages',
  title: 'install the npm packages',
  inputs: ['package-lock.json'],
  outputs: ['node_modules/.package-lock.json'],
  work: log => run(log, ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']),
};

/** @type {Step} */
export const addon = {
  name: 'addon',
  title: 'build libbpf and the addon',
  inputs: ['binding.gyp', 'native'],
  outputs: ['build/Release/bpf.node', 'build/include/bpf'],
  async work(log) {
    await run(log, ['node', 'native/deps/fetch.mjs']);
    const nodeGyp = ['node', 'node_modules/node-gyp/bin/node-gyp.js'];
    await run(log, [...nodeGyp, 'configure'], { env: nodeGypOptions() });
    await run(log, [...nodeGyp, 'build'], { env: nodeGypOptions() });
  },
};

const librarySources = [
  'lib',
  'tsconfig.json',
  '.setup/bundle.mjs',
  '.setup/cross/targets.mjs',
  '.setup/declarations.mjs',
  '.setup/doors.mjs',
  '.setup/purity.mjs',
];
const bundles = doors.flatMap(({ built }) => [`dist/${built}.js`, `dist/${built}.cjs`]);

/** The JavaScript of the library alone, in a tenth of the time. @type {Step} */
export const bundle = {
  name: 'bundle',
  title: 'bundle the library',
  inputs: librarySources,
  outputs: bundles,
  async work(log) {
    forget(library);
    await run(log, ['node', '.setup/bundle.mjs']);
  },
};

/** Headers for BPF programs, where an installed package has them: libbpf's, and those of this package. */
function copyHeaders() {
  for (const headers of ['build/include', 'native/include'])
    cpSync(join(root, headers), join(root, 'dist/include'), { recursive: true });
}

/** What names of C++ and Rust are read by. */
const demangler = join(root, 'node_modules/gecko-profiler-demangle/index_bg.wasm');

/** @type {Step} */
export const library = {
  name: 'library',
  title: 'compile the library',
  inputs: [...librarySources, 'native/deps/libbpf.json', 'native/include', '.setup/steps.mjs'],
  outputs: [...bundles, 'dist/include/bpf', 'dist/include/libbpf-ts.bpf.h', 'dist/demangle.wasm'],
  async work(log) {
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    await run(log, ['node', '.setup/declarations.mjs']);
    await run(log, ['node', '.setup/bundle.mjs']);
    stamp(bundle);
    copyHeaders();
    cpSync(demangler, join(root, 'dist/demangle.wasm'));
  },
};

const sourceObjects = filesIn('lib/sources', '.bpf.c').map(
  source => `dist/sources/${basename(source, '.c')}.o`,
);

/** What is attached to the kernel for telemetry, for all processors: nothing in it depends on one. @type {Step} */
export const sources = {
  name: 'sources',
  title: `compile ${sourceObjects.length} sources`,
  inputs: ['lib', 'native/include', '.setup/steps.mjs'],
  outputs: sourceObjects,
  async work(log) {
    const built = join(root, 'build/sources');
    const command = ['node', 'dist/cli/main.js', 'build', '-o', built, ...filesIn('lib/sources', '.bpf.c')];
    await run(log, command);
    for (const object of sourceObjects) cpSync(join(built, basename(object)), join(root, object));
  },
};

/** @type {Step} */
export const bpfPrograms = {
  name: 'bpf-programs',
  title: `compile ${bpfSources.length} BPF programs`,
  inputs: ['lib', 'native', ...bpfSources, ...bpfHeaders],
  outputs: [...bpfObjects, ...bpfModules],
  work: log => run(log, ['node', 'dist/cli/main.js', 'build', ...bpfSources]),
};

/** Tools that only profile have no program of their own. */
const toolSources = bpfSources.filter(source =>
  toolNames.some(name => source === `examples/${name}/${name}.bpf.c`),
);

/** What `libbpf-ts NAME` runs, with objects for both processors. @type {Step} */
export const tools = {
  name: 'tools',
  title: `build ${toolNames.length} tools`,
  inputs: [
    'lib',
    'native/include',
    '.setup/tools.mjs',
    '.setup/tool-names.mjs',
    ...toolNames.map(name => `examples/${name}`),
  ],
  outputs: [
    ...toolNames.map(name => `dist/tools/${name}.js`),
    ...toolSources.map(source => `dist/tools/${basename(source, '.c')}.o`),
  ],
  async work(log) {
    await run(log, ['node', 'dist/cli/main.js', 'build', ...toolSources]);
    await run(log, ['node', '.setup/tools.mjs']);
  },
};

/** @type {Step} */
export const examples = {
  name: 'examples',
  title: 'compile the examples',
  inputs: ['lib', 'examples', 'tsconfig.json'],
  outputs: ['build/examples/execsnoop/demo.js', 'build/examples/privileges/loader.js'],
  work: log => run(log, ['node', 'node_modules/typescript/bin/tsc', '-p', 'examples']),
};

/** @type {Step} */
export const oracles = {
  name: 'oracles',
  title: "fetch Debian's newest tracing tools and Prometheus",
  inputs: ['.setup/oracles.mjs'],
  outputs: [
    'build/sid/usr/sbin/opensnoop-libbpf',
    'build/sid/usr/bin/bpftrace',
    'build/sid/usr/bin/promtool',
  ],
  work: makeOracles,
};

/** @type {Step} */
export const projects = {
  name: 'projects',
  title: 'begin a project of each kind',
  inputs: ['lib', 'native/include', '.setup/projects.mjs'],
  outputs: ['build/projects/dist/tracepoint/main.js'],
  work: beginProjects,
};

/** One program and its loader, which is what a newcomer waits for. @type {Step} */
export const demo = {
  name: 'demo',
  title: 'build the demo',
  inputs: ['lib', 'native/include', 'examples/execsnoop/execsnoop.bpf.c', '.setup/steps.mjs', ...demoSources],
  outputs: ['build/demo/demo.js', 'examples/execsnoop/execsnoop.bpf.ts'],
  async work(log) {
    copyHeaders();
    await run(log, ['node', 'dist/cli/main.js', 'build', 'examples/execsnoop/execsnoop.bpf.c']);
    const external = ['libbpf-ts', 'libbpf-ts/codec', 'libbpf-ts/skeleton'].flatMap(door => [
      '--external',
      door,
    ]);
    const options = ['--platform', 'node', '--transform.target', 'es2022', ...external];
    await run(log, [
      'node',
      'node_modules/rolldown/bin/cli.mjs',
      'examples/execsnoop/demo.ts',
      ...options,
      '--dir',
      'build/demo',
    ]);
  },
};

/** @type {Step} */
export const kernelHeader = {
  name: 'kernel-header',
  title: "write vmlinux.h, the kernel's types",
  inputs: ['lib', 'native'],
  outputs: ['build/vmlinux/vmlinux.h'],
  async work(log) {
    mkdirSync(join(root, 'build/vmlinux'), { recursive: true });
    await run(log, ['node', 'dist/cli/main.js', 'vmlinux', '--output', 'build/vmlinux/vmlinux.h']);
  },
};

/**
 * What node-gyp is told by environment: to use all processors, and not to download headers that came with Node.
 *
 * @returns {Record<string, string>}
 */
export function nodeGypOptions() {
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, 'include/node/node.h'));
  return { npm_config_jobs: 'max', ...(hasHeaders && { npm_config_nodedir: prefix }) };
}

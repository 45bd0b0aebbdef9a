/** Kinds of tests, run one kind after the other; `--project unit` picks one. */
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
/** How many times as long as on this machine everything may take; for virtual machines. */
const factor = Number(process.env.LIBBPF_TS_TIME_FACTOR ?? 1);

/** `order`: kinds with a lower number end before the next begin. `serial`: one file at a time. */
function kind(
  name: string,
  order: number,
  { serial = false, isolate = true, seconds = 20 } = {},
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      pool: 'forks',
      isolate,
      fileParallelism: !serial,
      // Other processes, on a machine that may be busy: what fails is tried once more, and the report says so.
      ...(serial && { maxWorkers: 1, retry: 1 }),
      sequence: { groupOrder: order },
      testTimeout: seconds * factor * 1000,
      hookTimeout: seconds * factor * 1000,
      setupFiles: ['kernel', 'live', 'commands'].includes(name) ? ['test/support/leaks.ts'] : [],
    },
  };
}

const types: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'types',
    include: [],
    sequence: { groupOrder: 0 },
    typecheck: {
      enabled: true,
      only: true,
      include: ['test/types/**/*.test-d.ts'],
      tsconfig: 'test/types/tsconfig.json',
    },
  },
};

export default defineConfig({
  root,
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', ['json', { outputFile: 'build/test-results.json' }]],
    expect: { poll: { timeout: factor * 1000 } },
    // What tsc has compiled runs as it is, and what vitest has compiled is kept: a slow machine has better to do.
    server: { deps: { external: [/\/dist\//] } },
    experimental: { fsModuleCache: true, fsModuleCachePath: `${root}build/vitest` },
    projects: [
      // Pure functions: files share a process, for loading the library takes longer than testing it.
      kind('unit', 1, { isolate: false }),
      // What clang and gcc lay out, and what TypeScript says of generated modules and of the documentation's examples.
      kind('compilers', 1, { seconds: 60 }),
      kind('native', 2, { seconds: 60 }),
      // What kernels decide: these run on each that there is, ten times as long under emulation.
      kind('kernel', 3, { serial: true, seconds: 60 }),
      // What takes a kernel, and is ours to decide whichever it is: one is enough.
      kind('live', 4, { serial: true, seconds: 60 }),
      // What a user sees at the terminal is the same on every kernel: once is enough.
      kind('commands', 5, { serial: true, seconds: 60 }),
      // The first one makes the package, with four binaries.
      kind('package', 6, { serial: true, seconds: 1200 }),
      // `npm run test:long` sets the variable, with the kernels whose types it has fetched.
      ...(process.env.LIBBPF_TS_LONG
        ? [kind('long', 7, { seconds: 1200 }), kind('matrix', 7, { serial: true, seconds: 1200 })]
        : []),
      // `npm run test:foreign` does, with a list of the objects that it has built.
      ...(process.env.LIBBPF_TS_FOREIGN ? [kind('foreign', 8, { serial: true, seconds: 1200 })] : []),
      types,
    ],
  },
});

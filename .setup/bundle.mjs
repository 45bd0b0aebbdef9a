// Makes the library's JavaScript one module for each door and few for what doors share: hundreds of small ones would cost
// more to load than to run. ES modules for Node and bundlers; CommonJS for what cannot require() an ES module: jest, some
// bundlers.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { modulesOfDoorAlone } from './chunks.mjs';
import { targets } from './cross/targets.mjs';
import { doors } from './doors.mjs';
import { filesIn, root } from './paths.mjs';
import { markPure } from './purity.mjs';

/** @type {import('rolldown').InputOptions} */
const common = {
  cwd: root,
  platform: 'node',
  tsconfig: join(root, 'tsconfig.json'),
  transform: { target: 'es2022' },
  external: ['node-gyp-build', 'unplugin'],
};

const library = Object.fromEntries(
  [...doors.map(({ built }) => built), ...partsOnDemand()].map(built => [built, `lib/${built}.ts`]),
);

const input = { ...library, 'cli/main': 'lib/cli/main.ts' };
/** Doors that load no more than they need of what objects, maps and programs are made of. */
const light = [
  'doors/asm',
  'doors/btf',
  'doors/codec',
  'doors/gen',
  'doors/verifier',
  'doors/build',
  'cli/main',
];
const objects = await modulesOfDoorAlone({ ...common, input }, 'doors/skeleton', light);

/**
 * Modules that the same doors reach become one file, of which an application's bundle takes all or nothing: what reads
 * streams is apart, for objects that have none.
 */
const codeSplitting = {
  groups: [
    {
      name: 'objects',
      test: /** @param {string} id */ id => objects.has(id),
      includeDependenciesRecursively: false,
    },
    {
      name: 'events',
      test: /\/lib\/(events|output)\//,
      entriesAware: true,
      includeDependenciesRecursively: false,
    },
  ],
};

/** Declarations have the documentation; in the JavaScript it was a quarter of the package's. */
const comments = { annotation: true, jsdoc: false, legal: true };

const modules = await rolldown({ ...common, input });
const written = await modules.write({
  dir: 'dist',
  format: 'esm',
  chunkFileNames: 'shared/[name].js',
  codeSplitting,
  comments,
  sourcemap: true,
});
for (const { fileName } of written.output)
  if (fileName.endsWith('.js')) markFile(join(root, 'dist', fileName));

const commonJs = await rolldown({ ...common, input: library });
await commonJs.write({
  dir: 'dist',
  format: 'cjs',
  comments,
  entryFileNames: '[name].cjs',
  chunkFileNames: 'shared/[name].cjs',
});

declareCommonJs();
for (const target of targets) writeAddonDoor(target);

/** The map beside it holds: lines stay where they are. @param {string} path */
function markFile(path) {
  writeFileSync(path, markPure(readFileSync(path, 'utf8')));
}

/** What is loaded on demand is found by its name, also by `require`. */
function partsOnDemand() {
  const texts = filesIn('lib', '.ts').map(file => readFileSync(join(root, file), 'utf8'));
  return texts.flatMap(text =>
    Array.from(text.matchAll(/new OnDemand\(\s*'([^']+)'/g), ([, name = '']) => name),
  );
}

/** TypeScript takes a declaration for what its ending says: each has a twin for who requires. */
function declareCommonJs() {
  for (const file of filesIn('dist', '.d.ts')) {
    const text = readFileSync(join(root, file), 'utf8');
    const twin = text.replace(/(from |import\()(['"])(\.[^'"]+)\.js\2/g, '$1$2$3.cjs$2');
    writeFileSync(join(root, file.replace(/\.ts$/, '.cts')), twin);
  }
}

/**
 * A module that brings one binary, for bundlers that follow `require` to files.
 *
 * @param {import('./cross/targets.mjs').Target} target
 */
function writeAddonDoor({ file, door }) {
  const path = join(root, 'dist/addon', door);
  mkdirSync(dirname(path), { recursive: true });
  const source = `globalThis[Symbol.for('libbpf-ts.addon')] = require('../../${file}');\n`;
  writeFileSync(`${path}.cjs`, `// Brings the addon for ${door} along.\n${source}`);
  writeFileSync(`${path}.d.cts`, 'export {};\n');
}

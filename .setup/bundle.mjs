// Makes the library's JavaScript one module for each door: hundreds of small ones would cost more to load than to run.
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './paths.mjs';

const bundle = await rolldown({
  cwd: root,
  input: { index: 'lib/index.ts', 'cli/main': 'lib/cli/main.ts' },
  platform: 'node',
  tsconfig: join(root, 'tsconfig.json'),
  transform: { target: 'es2022' },
  external: ['node-gyp-build'],
});
// What the doors share lies beside them: lib/package.ts finds the package from there.
await bundle.write({ dir: 'dist', format: 'esm', chunkFileNames: '[name].js', sourcemap: true });

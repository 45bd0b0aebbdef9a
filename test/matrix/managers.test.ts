/** Package managers of other versions, and yarn 4 with and without `node_modules`. */
import { join } from 'node:path';
import { type Manager, testInstalls } from '../package/installs.js';
import { type ToolName, toolCommand, toolFolder } from '../package/tools.js';

const npm = (name: ToolName, version: number): Manager => ({
  name: `npm ${version}`,
  command: () => toolCommand(name, 'npm'),
  install: ['install', '--no-audit', '--no-fund'],
  again: ['ci', '--no-audit', '--no-fund'],
});

const pnpm = (name: ToolName, version: number): Manager => ({
  name: `pnpm ${version}`,
  command: () => toolCommand(name, 'pnpm'),
  install: ['install'],
  again: ['install', '--frozen-lockfile'],
});

/** `nodeLinker` says where yarn 4 puts packages; it runs dependencies' scripts unless told otherwise. */
const yarn = (nodeLinker: string, scripts: boolean, node?: readonly string[]): Manager => ({
  name: `yarn 4, ${nodeLinker}, scripts ${scripts ? 'on' : 'off'}`,
  command: () => join(toolFolder('@yarnpkg/cli-dist'), 'node_modules/@yarnpkg/cli-dist/bin/yarn.js'),
  install: ['install', '--no-immutable'],
  again: ['install', '--immutable'],
  environment: {
    YARN_NODE_LINKER: nodeLinker,
    YARN_ENABLE_SCRIPTS: String(scripts),
    YARN_ENABLE_GLOBAL_CACHE: 'false',
  },
  ...(node && { node }),
});

testInstalls([
  npm('npm8', 8),
  npm('npm9', 9),
  npm('npm11', 11),
  pnpm('pnpm8', 8),
  pnpm('pnpm9', 9),
  yarn('node-modules', true),
  yarn('node-modules', false),
  yarn('pnp', true, ['manager', 'node']),
  yarn('pnp', false, ['manager', 'node']),
  {
    name: 'bun',
    command: () => join(toolFolder('@oven/bun-linux-x64'), 'node_modules/@oven/bun-linux-x64/bin/bun'),
    install: ['install'],
    again: ['install', '--frozen-lockfile'],
  },
]);

/** Other people's package managers, bundlers and checkers, each of one version, in a folder of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The only place to raise them. */
const versions = {
  npm: '10.9.9',
  pnpm: '10.34.8',
  yarn: '1.22.22',
  npm8: 'npm:npm@8.19.4',
  npm9: 'npm:npm@9.9.4',
  npm11: 'npm:npm@11.21.2',
  pnpm8: 'npm:pnpm@8.15.9',
  pnpm9: 'npm:pnpm@9.15.9',
  '@yarnpkg/cli-dist': '4.18.1',
  '@oven/bun-linux-x64': '1.4.5',
  '@oven/bun-linux-x64-musl': '1.4.5',
  deno: '2.9.6',
  esbuild: '0.28.2',
  postject: '1.0.0-alpha.6',
  vite: '8.4.0',
  rollup: '4.68.8',
  '@rollup/plugin-node-resolve': '16.0.3',
  webpack: '5.113.0',
  unplugin: '3.7.0',
  next: '16.4.6',
  '@vercel/ncc': '0.45.0',
  tsup: '9.0.0',
  ava: '7.0.0',
  'ts-jest': '29.4.15',
  'typescript-5.6': 'npm:typescript@5.6.3',
  'typescript-5.7': 'npm:typescript@5.7.3',
  jest: '30.5.2',
  publint: '0.3.25',
  '@arethetypeswrong/cli': '0.18.5',
} as const;

export type ToolName = keyof typeof versions;

/** The folder that has the tool in `node_modules`. */
export function toolFolder(name: ToolName): string {
  const folder = resolve('build/package-tools', `${name}-${versions[name]}`.replaceAll(/[/:]/g, '-'));
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  // npm refuses what is for another C library than the machine's.
  const forced = name.endsWith('-musl') ? ['--force'] : [];
  const options = ['--prefix', partial, '--no-audit', '--no-fund', '--silent', ...forced];
  execFileSync('npm', ['install', ...options, `${name}@${versions[name]}`], { stdio: 'pipe' });
  renameSync(partial, folder);
  return folder;
}

/** The path of a command that the tool brings. */
export function toolCommand(name: ToolName, command: string = name): string {
  return join(toolFolder(name), 'node_modules/.bin', command);
}

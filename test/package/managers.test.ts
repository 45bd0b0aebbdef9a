/** Package managers as users run them, with scripts on, against a registry that answers as npm documents it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyProject, output, outputWith, tarball } from './project.js';
import { toolCommand } from './tools.js';

interface Manager {
  readonly name: string;
  readonly command: () => string;
  readonly install: readonly string[];
  /** As it is installed where a lock file must be kept to. */
  readonly again: readonly string[];
}

const managers: readonly Manager[] = [
  {
    name: "this machine's npm",
    command: () => 'npm',
    install: ['install', '--no-audit', '--no-fund'],
    again: ['ci', '--no-audit', '--no-fund'],
  },
  {
    name: 'npm 10',
    command: () => toolCommand('npm'),
    install: ['install', '--no-audit', '--no-fund'],
    again: ['ci', '--no-audit', '--no-fund'],
  },
  {
    name: 'pnpm 10',
    command: () => toolCommand('pnpm'),
    install: ['install'],
    again: ['install', '--frozen-lockfile'],
  },
  {
    name: 'yarn 1',
    command: () => toolCommand('yarn'),
    install: ['install', '--no-progress'],
    again: ['install', '--no-progress', '--frozen-lockfile'],
  },
];

let registry: ChildProcess;
let address = '';

beforeAll(async () => {
  const upstream = output('.', 'npm', 'config', 'get', 'registry').trim();
  const script = resolve('test/package/registry.mjs');
  registry = spawn(process.execPath, [script, tarball(), upstream], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(registry.stdout as NodeJS.ReadableStream, 'data');
  address = String(line).trim();
});

afterAll(() => {
  registry.kill();
});

describe.each(managers)('$name', ({ command, install, again }) => {
  it('installs the package, and again by its lock file', () => {
    const { folder, remove } = emptyProject({ dependencies: { 'libbpf-ts': '*' } });
    // Caches of their own: the package's content changes from run to run under one version.
    const environment = {
      npm_config_registry: address,
      YARN_CACHE_FOLDER: join(folder, '.yarn'),
      npm_config_cache: join(folder, '.npm'),
      npm_config_store_dir: join(folder, '.pnpm'),
    };
    try {
      outputWith(environment, folder, command(), ...install);
      expect(libbpfVersionIn(folder)).toMatch(/^1\.\d/);
      rmSync(join(folder, 'node_modules'), { recursive: true });
      outputWith(environment, folder, command(), ...again);
      expect(libbpfVersionIn(folder)).toMatch(/^1\.\d/);
      expect(existsSync(join(folder, 'node_modules/libbpf-ts/build'))).toBe(false);
    } finally {
      remove();
    }
  });
});

/** By the addon that was installed. */
function libbpfVersionIn(folder: string): string {
  return output(folder, process.execPath, '-p', "require('libbpf-ts').libbpfVersion()").trim();
}

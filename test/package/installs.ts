/** Installing the package as users do, with scripts on, against a registry that answers as npm documents it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyProject, output, outputWith, tarball } from './project.js';

export interface Manager {
  readonly name: string;
  readonly command: () => string;
  readonly install: readonly string[];
  /** As it is installed where a lock file must be kept to. */
  readonly again: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** How it runs Node, where packages are not in `node_modules`. */
  readonly node?: readonly string[];
}

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

/** The tests of these managers. */
export function testInstalls(managers: readonly Manager[]): void {
  describe.each(managers)(
    '$name',
    ({ command, install, again, environment: own = {}, node = [process.execPath] }) => {
      it('installs the package, and again by its lock file', () => {
        const { folder, remove } = emptyProject({ dependencies: { 'libbpf-ts': '*' } });
        // Caches of their own: the package's content changes from run to run under one version.
        const environment = {
          npm_config_registry: address,
          YARN_CACHE_FOLDER: join(folder, '.yarn'),
          npm_config_cache: join(folder, '.npm'),
          npm_config_store_dir: join(folder, '.pnpm'),
          YARN_NPM_REGISTRY_SERVER: address,
          YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
          YARN_ENABLE_TELEMETRY: '0',
          ...own,
        };
        try {
          outputWith(environment, folder, command(), ...install);
          expect(libbpfVersionIn(folder, environment, command(), node)).toMatch(/^1\.\d/);
          rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
          outputWith(environment, folder, command(), ...again);
          expect(libbpfVersionIn(folder, environment, command(), node)).toMatch(/^1\.\d/);
          expect(existsSync(join(folder, 'node_modules/libbpf-ts/build'))).toBe(false);
        } finally {
          remove();
        }
      });
    },
  );
}

/** By the addon that was installed. */
function libbpfVersionIn(
  folder: string,
  environment: Readonly<Record<string, string>>,
  manager: string,
  node: readonly string[],
): string {
  const [command = '', ...before] = node.map(word => (word === 'manager' ? manager : word));
  const args = [...before, '-p', "require('libbpf-ts').libbpfVersion()"];
  return outputWith(environment, folder, command, ...args).trim();
}

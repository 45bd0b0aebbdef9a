/** Projects that the installed package begins: each kind built, tested by its own test, and shown, on every Node that we promise. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeBinary, nodeVersions } from '../../.setup/nodes.mjs';
import { projectKinds } from '../../lib/cli/init/kinds.js';
import { installedProject, output } from '../package/project.js';

const kinds = Object.keys(projectKinds);
const nodes = Object.entries(nodeVersions);
/** Those that run TypeScript as it is, with `await using`. */
const stripping = nodes.filter(([major]) => Number(major) >= 24);

let project: ReturnType<typeof installedProject>;

beforeAll(() => {
  project = installedProject();
  for (const name of ['typescript', '@types'])
    symlinkSync(resolve('node_modules', name), join(project.folder, 'node_modules', name));
  const cli = join(project.folder, 'node_modules/.bin/libbpf-ts');
  for (const kind of kinds) {
    output(project.folder, cli, 'init', kind, '--kind', kind);
    const folder = join(project.folder, kind);
    output(folder, cli, 'build', 'hello.bpf.c');
    output(folder, process.execPath, join(project.folder, 'node_modules/typescript/bin/tsc'));
  }
});

afterAll(() => project.remove());

describe.each(nodes)('Node %s, by tsc', (_, version) => {
  it('passes the test of each kind', () => passes(version, 'dist/app.test.js'));
  it('shows the tasks, and what is opened', () => shows(version, 'dist/main.js'));
});

describe.each(stripping)('Node %s, TypeScript as it is', (_, version) => {
  it('passes the test of each kind', () => passes(version, 'app.test.ts'));
  it('shows the tasks, and what is opened', () => shows(version, 'main.ts'));
});

function passes(version: string, file: string): void {
  const files = kinds.map(kind => join(project.folder, kind, file));
  const said = output(project.folder, nodeBinary(version), '--test', '--test-reporter=tap', ...files);
  expect(said.match(/^# (pass|fail) \d+$/gm)).toEqual([`# pass ${kinds.length}`, '# fail 0']);
}

async function shows(version: string, file: string): Promise<void> {
  const tasks = output(project.folder, nodeBinary(version), join(project.folder, 'iter', file));
  expect(tasks).toMatch(new RegExp(`^task ${process.pid} ${process.pid} \\S+`, 'm'));
  const child = spawn(nodeBinary(version), [join(project.folder, 'tracepoint', file)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = once(child, 'close');
  const [line] = await once(child.stdout, 'data');
  child.kill('SIGINT');
  // Since Node 22 a thread of the pool has a name of its own.
  expect(String(line)).toMatch(/^(node|libuv-worker) \(\d+\) opens \/etc\/hostname$/m);
  expect(await end).toEqual([0, null]);
}

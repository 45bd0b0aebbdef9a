/** Test runners, each loading an object through the package as it is installed: isolation by processes, threads and contexts. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedProject, output } from '../package/project.js';
import { toolCommand, toolFolder } from '../package/tools.js';

/** The object that each test loads, and the class by which it tells what failed. */
const body = `  const bpf = await load('probe.bpf.o');
  const maps = Object.keys(bpf.maps);
  await bpf.close();
  const failure = await load('nothing.bpf.o').catch(error => error);`;

let project: ReturnType<typeof installedProject>;

beforeAll(() => {
  project = installedProject();
  bring('vitest', resolve('node_modules/vitest'));
  bring('ava', join(toolFolder('ava'), 'node_modules/ava'));
});

afterAll(() => project.remove());

describe('vitest', () => {
  it.each(['forks', 'threads', 'vmForks', 'vmThreads'])('in its pool %s', pool => {
    const suite = `import { expect, it } from 'vitest';
import { BpfError, load } from 'libbpf-ts';
it('loads an object', async () => {
${body}
  expect(maps).toContain('events');
  expect(failure).toBeInstanceOf(BpfError);
});`;
    writeFileSync(join(project.folder, 'probe.spec.js'), suite);
    const vitest = resolve('node_modules/vitest/vitest.mjs');
    const options = ['run', '--pool', pool, '--root', project.folder, '--reporter', 'json', 'probe.spec.js'];
    const report = JSON.parse(output(project.folder, process.execPath, vitest, ...options));
    expect(report).toMatchObject({ numPassedTests: 1, numFailedTests: 0 });
  });
});

it('node:test', () => {
  const suite = `import { ok } from 'node:assert';
import { test } from 'node:test';
import { BpfError, load } from 'libbpf-ts';
test('loads an object', async () => {
${body}
  ok(maps.includes('events') && failure instanceof BpfError);
});`;
  writeFileSync(join(project.folder, 'probe.node.mjs'), suite);
  expect(output(project.folder, process.execPath, '--test', 'probe.node.mjs')).toMatch(
    /pass 1\n(?:.*\n)*?.*fail 0/,
  );
});

it('ava', () => {
  const suite = `import test from 'ava';
import { BpfError, load } from 'libbpf-ts';
test('loads an object', async t => {
${body}
  t.true(maps.includes('events') && failure instanceof BpfError);
});`;
  writeFileSync(join(project.folder, 'probe.ava.test.mjs'), suite);
  expect(output(project.folder, toolCommand('ava'), '--tap', 'probe.ava.test.mjs')).toMatch(/^ok 1/m);
});

it('jest with ts-jest, and TypeScript as CommonJS', () => {
  const suite = `import { BpfError, load } from 'libbpf-ts';
declare const test: any, expect: any;
test('loads an object', async () => {
${body}
  expect(maps).toContain('events');
  expect(failure).toBeInstanceOf(BpfError);
});`;
  const typed = installedProject({});
  try {
    writeFileSync(join(typed.folder, 'probe.test.ts'), suite);
    const compilerOptions = {
      module: 'node16',
      moduleResolution: 'node16',
      target: 'es2022',
      isolatedModules: true,
    };
    writeFileSync(join(typed.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const transform = { '\\.ts$': join(toolCommand('ts-jest'), '../../ts-jest') };
    writeFileSync(join(typed.folder, 'jest.config.json'), JSON.stringify({ transform }));
    const options = ['--rootDir', typed.folder, '--json', '--silent', '--config', 'jest.config.json'];
    const report = JSON.parse(output(typed.folder, toolCommand('ts-jest', 'jest'), ...options));
    expect(report).toMatchObject({ numPassedTests: 1, numFailedTests: 0 });
  } finally {
    typed.remove();
  }
});

/** What tests import of their runner. */
function bring(name: string, folder: string): void {
  symlinkSync(folder, join(project.folder, 'node_modules', name));
}

/** What is published: made, installed into an empty project without scripts, and run on every Node that we promise. */
import { cpSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { targets } from '../../.setup/cross/targets.mjs';
import { nodeBinary, nodeVersions } from '../../.setup/nodes.mjs';
import { getppid } from '../support/getppid.js';
import { installedProject, output, tarball } from './project.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
let project: ReturnType<typeof installedProject>;
let consumer = '';

beforeAll(() => {
  project = installedProject();
  consumer = project.folder;
  cpSync('test/package/consumer', consumer, { recursive: true });
  const types = ['--typeRoots', resolve('node_modules/@types')];
  output(consumer, process.execPath, resolve('node_modules/typescript/bin/tsc'), '-p', '.', ...types);
});

afterAll(() => project.remove());

describe('the tarball', () => {
  const files = () => output('.', 'tar', '-tzf', tarball()).trim().split('\n');

  it('has a binary for each machine, and no source of others', () => {
    expect(files()).toEqual(expect.arrayContaining(targets.map(({ file }) => `package/${file}`)));
    expect(files()).toContain('package/dist/include/bpf/bpf_helpers.h');
    expect(files().filter(file => /deps\/libbpf-\d|node_modules|\.tar/.test(file))).toEqual([]);
  });

  it('has all that its README links to', () => {
    const links = readFileSync('README.md', 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g);
    const linked = Array.from(links, ([, path]) => `package/${path}`);
    expect(linked.length).toBeGreaterThan(3);
    expect(linked.filter(path => !files().includes(path))).toEqual([]);
  });

  it('lists what is linked into its binaries, with the versions that are pinned', () => {
    const { components } = JSON.parse(output('.', 'tar', '-xzOf', tarball(), 'package/sbom.cdx.json'));
    const libbpf = JSON.parse(readFileSync('native/deps/libbpf.json', 'utf8'));
    const names = components.map(({ name }: { name: string }) => name);
    const linked = ['libbpf', 'elfutils', 'zlib', 'llvm-runtimes'];
    expect(names).toEqual([...linked, 'gecko-profiler-demangle', 'node-gyp-build']);
    expect(components[0]).toMatchObject({ version: libbpf.version, hashes: [{ content: libbpf.sha256 }] });
  });

  // npm runs `node-gyp rebuild` for it, whatever the manifest says: https://docs.npmjs.com/cli/using-npm/scripts
  it('has no binding.gyp in its root', () => {
    expect(files()).not.toContain('package/binding.gyp');
  });

  it('has at most 4 MB', () => {
    expect(statSync(tarball()).size).toBeLessThanOrEqual(4_000_000);
  });
});

describe('the command', () => {
  it('is installed', () => {
    expect(output(consumer, 'node_modules/.bin/libbpf-ts', '--version')).toBe(`${version}\n`);
  });
});

describe.each(Object.values(nodeVersions))('Node %s', node => {
  it.each([
    ['import, in the main thread', ['stream.mjs']],
    ['require, in the main thread', ['stream.cjs']],
    ['import, in a worker', ['worker.mjs', './stream.mjs']],
    ['require, in a worker', ['worker.mjs', './stream.cjs']],
  ])('streams an event by %s', (_, args) => {
    const printed = output(consumer, nodeBinary(node), ...args);
    expect(JSON.parse(printed)).toEqual({ libbpf: expect.stringMatching(/^1\.\d/), ours: true, id: getppid });
  });
});

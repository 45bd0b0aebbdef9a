/** What is published: made, installed into an empty project without scripts, and run on every Node that we promise. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeBinary, nodeVersions } from '../../.setup/nodes.mjs';
import { getppid } from '../support/getppid.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const consumer = mkdtempSync(join(tmpdir(), 'libbpf-ts-consumer-'));
let tarball = '';

beforeAll(() => {
  const made = output('.', process.execPath, '.setup/package.mjs');
  tarball = resolve(made.trim().split('\n').at(-1) ?? '');
  cpSync('test/package/consumer', consumer, { recursive: true });
  for (const file of ['probe.bpf.o', 'probe.bpf.ts']) cpSync(join('test/bpf', file), join(consumer, file));
  output(
    consumer,
    'npm',
    'install',
    tarball,
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
  );
  const types = ['--typeRoots', resolve('node_modules/@types')];
  output(consumer, process.execPath, resolve('node_modules/typescript/bin/tsc'), '-p', '.', ...types);
});

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

describe('the tarball', () => {
  it('has a prebuilt addon, and no source of others', () => {
    const files = output('.', 'tar', '-tzf', tarball).trim().split('\n');
    expect(files).toContain(`package/prebuilds/linux-${process.arch}/libbpf-ts.${libc()}.node`);
    expect(files).toContain('package/dist/include/bpf/bpf_helpers.h');
    expect(files.filter(file => /deps\/libbpf-|node_modules|\.tar/.test(file))).toEqual([]);
  });

  it('is small', () => {
    expect(statSync(tarball).size).toBeLessThan(2_000_000);
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

function libc(): string {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

/** Standard output of a command that must succeed; what it says on standard error is in the failure. */
function output(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

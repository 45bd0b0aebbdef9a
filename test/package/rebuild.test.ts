/** A machine without a binary in the package: what it is told, and what builds one. */
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedProject, output } from './project.js';

let project: ReturnType<typeof installedProject>;
let installed = '';
const { version } = JSON.parse(readFileSync('native/deps/libbpf.json', 'utf8'));
const source = `build/deps/libbpf-${version}`;

beforeAll(() => {
  project = installedProject();
  installed = join(project.folder, 'node_modules/libbpf-ts');
  rmSync(join(installed, 'prebuilds'), { recursive: true });
});

afterAll(() => project.remove());

/** By the addon that the package finds; an error's text where it finds none. */
function libbpfVersion(): string {
  const script =
    "try { console.log(require('libbpf-ts').libbpfVersion()) } catch (error) { console.log(error.message) }";
  return output(project.folder, process.execPath, '-e', script).trim();
}

describe('without a binary', () => {
  it('says how to build one, names what that takes, and builds it', () => {
    expect(libbpfVersion()).toMatch(/no binary for linux-.*npx libbpf-ts rebuild/);
    const main = join(installed, 'dist/cli/main.js');
    expect(() => output(project.folder, process.execPath, main, 'rebuild')).toThrow(
      /npm install --no-save prebuildify/,
    );
    // From the checkout, which has the packages that it takes.
    output('.', process.execPath, main, 'rebuild', '--libbpf', resolve(source));
    expect(libbpfVersion()).toMatch(/^1\.\d/);
  });
});

/** The package's declarations, checked whole by every way that TypeScript resolves modules, and by publint and attw. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doors } from '../../.setup/doors.mjs';
import { installedProject, output, tarball } from './project.js';
import { toolCommand } from './tools.js';

let project: ReturnType<typeof installedProject>;

beforeAll(() => {
  project = installedProject();
  const all = doors.map(
    ({ name, subpath }) => `export * as ${name} from '${subpath.replace('.', 'libbpf-ts')}';\n`,
  );
  const imported = `import { load, type BpfError } from 'libbpf-ts';\nexport const loading = load('x.bpf.o');\nexport type { BpfError };\n${all.join('')}`;
  writeFileSync(join(project.folder, 'imported.mts'), imported);
  writeFileSync(join(project.folder, 'required.cts'), imported);
});

afterAll(() => project.remove());

describe.each(['typescript', 'typescript-7'])('%s', compiler => {
  it.each([
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('checks the declarations as module %s, resolution %s', (module, moduleResolution) => {
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022'];
    const libraries = [
      '--lib',
      'es2024,esnext.disposable',
      '--types',
      'node',
      '--typeRoots',
      resolve('node_modules/@types'),
    ];
    const ways = ['--module', module, '--moduleResolution', moduleResolution];
    const tsc = resolve('node_modules', compiler, 'bin/tsc');
    const printed = output(
      project.folder,
      process.execPath,
      tsc,
      ...options,
      ...libraries,
      ...ways,
      'imported.mts',
      'required.cts',
    );
    expect(printed).toBe('');
  });
});

describe('publish checkers', () => {
  it('publint finds nothing', () => {
    expect(output('.', toolCommand('publint'), tarball(), '--strict')).toMatch(/All good/);
  });

  it('attw finds nothing', () => {
    const options = [
      '--profile',
      'node16',
      '--format',
      'ascii',
      '--no-color',
      '--exclude-entrypoints',
      'package.json',
    ];
    const printed = output('.', toolCommand('@arethetypeswrong/cli', 'attw'), tarball(), ...options);
    const rows = printed.match(/^(node16|bundler).*$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.filter(row => !row.includes('🟢'))).toEqual([]);
  });
});

/** The package's declarations, checked whole by every way that TypeScript resolves modules, and by publint and attw. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOf, projectOfDoors, ways } from './declarations.js';
import { output, tarball } from './project.js';
import { toolCommand } from './tools.js';

let project: ReturnType<typeof projectOfDoors>;

beforeAll(() => {
  project = projectOfDoors();
});

afterAll(() => project.remove());

describe.each(['typescript', 'typescript-7'])('%s', compiler => {
  it.each(ways)('checks the declarations as module %s, resolution %s', (...way) => {
    const tsc = resolve('node_modules', compiler, 'bin/tsc');
    expect(complaintsOf(tsc, project.folder, way)).toBe('');
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

/** The doors: listed once, one instance over all of them, each loading no more than it needs. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doors, packageExports } from '../../.setup/doors.mjs';
import { importsOf, sources } from '../support/imports.js';
import { purity, roomsAbove } from '../support/rooms.js';

/** These need no addon and no kernel: any operating system will do. */
const pure = ['asm', 'btf', 'codec', 'gen', 'plot', 'verifier'];

describe('the manifest', () => {
  it('exports every door, and nothing else; `vitest -u` prints it', async () => {
    const manifest = JSON.parse(textOf('package.json'));
    const printed = JSON.stringify({ ...manifest, exports: packageExports() }, null, 2);
    await expect(`${printed}\n`).toMatchFileSnapshot('../../package.json');
  });
});

describe('the root', () => {
  it('has 150 values at most', async () => {
    const values = Object.keys(await import('../../lib/index.js'));
    expect(values.length).toBeGreaterThan(50);
    expect(values.length).toBeLessThanOrEqual(150);
  });
});

describe.each(doors)('$name', ({ name, built }) => {
  it(`is ${pure.includes(name) ? 'pure' : 'live'}: what it imports is`, () => {
    const live = reachedFrom(`lib/${built}.ts`).filter(file => purity.get(roomOf(file)) !== true);
    expect(live.length === 0).toBe(pure.includes(name));
  });

  it.each(['js', 'cjs'])('is built of no more than it needs, as .%s', ending => {
    const files = filesBehind(`dist/${built}.${ending}`);
    const kilobytes = Math.round(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1000);
    const time = millisecondsOf(files[0] ?? '');
    console.log(`${name}.${ending}: ${kilobytes} kB in ${files.length} files, ${time} ms`);
    const brought = files.flatMap(sourcesIn);
    expect(brought).not.toEqual([]);
    if (pure.includes(name)) expect(brought.filter(file => purity.get(roomOf(file)) !== true)).toEqual([]);
  });
});

describe('a class of one door', () => {
  it.each([
    ["await import('libbpf-ts')", "await import('libbpf-ts/btf')"],
    ["require('libbpf-ts')", "require('libbpf-ts/btf')"],
    ["require('libbpf-ts')", "await import('libbpf-ts/btf')"],
  ])('is the same by %s and %s', (root, door) => {
    const script = `const require = process.getBuiltinModule('module').createRequire(process.cwd() + '/x.js');
      const { BpfError } = ${root}; const { Btf } = ${door};
      try { Btf.fromBytes(new Uint8Array(4), 'x') } catch (error) { console.log(error instanceof BpfError) }`;
    expect(run(script)).toBe('true\n');
  });
});

describe('the command line', () => {
  it('goes through the doors alone', () => {
    const imported = sources('lib/cli', '.ts').flatMap(file => importsOf(file).map(({ name }) => name));
    const inside = imported.filter(name => name.startsWith('lib/') && !name.startsWith('lib/cli/'));
    expect(inside.length).toBeGreaterThan(10);
    const ground = ['lib/index.ts', 'lib/package.ts', ...roomsAbove.map(room => `lib/${room}/index.ts`)];
    const open = ['lib/doors', 'lib/command'];
    expect(inside.filter(name => !ground.includes(name) && !open.includes(dirname(name)))).toEqual([]);
  });

  const brings = (file: string) => new Set(filesBehind(file).flatMap(sourcesIn).map(roomOf));

  it('opens no door before it knows the command', () => {
    expect([...brings('dist/cli/main.js')].sort()).toEqual(['cli', 'command', 'errors', 'package']);
  });

  it.each(['vmlinux', 'generate'])('%s loads nothing of maps, programs and links', name => {
    const [, chunk = ''] =
      new RegExp(`import\\("\\.\\./(shared/${name}\\d*\\.js)"\\)`).exec(textOf('dist/cli/main.js')) ?? [];
    const rooms = brings(`dist/${chunk}`);
    expect(rooms).toContain('compile');
    for (const room of ['map', 'program', 'link', 'attach', 'events', 'object'])
      expect(rooms).not.toContain(room);
  });
});

/** The files of `lib` that importing one brings along. */
function reachedFrom(file: string, reached = new Set<string>()): string[] {
  for (const { name, typesOnly } of importsOf(file)) {
    if (typesOnly || !name.startsWith('lib/') || reached.has(name)) continue;
    reached.add(name);
    reachedFrom(name, reached);
  }
  return [...reached];
}

/** What loading one built file loads, itself first. */
function filesBehind(file: string, found: string[] = []): string[] {
  found.push(file);
  for (const [, to = ''] of textOf(file).matchAll(/(?:from |import |require\()"(\.[^"]+)"/g)) {
    const path = normalize(join(dirname(file), to));
    if (!found.includes(path)) filesBehind(path, found);
  }
  return found;
}

/** The bundler names the source of each part. */
function sourcesIn(file: string): string[] {
  return Array.from(textOf(file).matchAll(/^\/\/(?:#region)? (lib\/\S+)$/gm), ([, source = '']) => source);
}

function millisecondsOf(file: string): string {
  const load = file.endsWith('.cjs') ? 'require(file)' : 'await import(file)';
  const script = `const { createRequire } = process.getBuiltinModule('module'), file = process.cwd() + '/${file}';
    const require = createRequire(file), begun = performance.now(); ${load}; console.log(performance.now() - begun);`;
  return Number(run(script)).toFixed(1);
}

function run(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
}

function textOf(file: string): string {
  return readFileSync(file, 'utf8');
}

function roomOf(file: string): string {
  return /^lib\/([^/]+?)(?:\.ts|\/.*)$/.exec(file)?.[1] ?? '';
}

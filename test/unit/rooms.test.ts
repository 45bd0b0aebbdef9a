/** The rooms of the house: pure code imports only pure code, one file loads the addon, every source is built. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const pure = [
  'lib/btf/',
  'lib/codec/',
  'lib/gen/',
  'lib/kinds/',
  'lib/asm/',
  'lib/verifier/',
  'lib/errors.ts',
];
const livePlaces = ['child_process', 'dgram', 'http', 'net', 'worker_threads'];
const files = sources('lib', '.ts');

describe('pure rooms', () => {
  const pureFiles = files.filter(isPure);

  it('are there', () => {
    expect(pureFiles.length).toBeGreaterThan(10);
  });

  it.each(pureFiles)('%s imports only pure code', file => {
    expect(importsOf(file).filter(name => !isPure(name) && !isPureBuiltin(name))).toEqual([]);
  });
});

describe('the addon', () => {
  it('is loaded by lib/native/native.ts alone', () => {
    const loaders = files.filter(file => /node-gyp-build|\.node['"`]|dlopen/.test(textOf(file)));
    expect(loaders).toEqual(['lib/native/native.ts']);
  });

  it('is built from every source file in native/', () => {
    const { addon_sources: listed } = JSON.parse(textOf('native/addon.gypi')).variables;
    const present = readdirSync('native').filter(name => name.endsWith('.cc'));
    expect(listed).toEqual(present.map(name => `native/${name}`).sort());
  });
});

describe('lib', () => {
  it('imports nothing that a user would have to install', () => {
    const foreign = files.flatMap(file => importsOf(file).filter(name => !isOurs(name) && !isBuiltin(name)));
    expect(foreign).toEqual([]);
  });

  it('starts no program but clang', () => {
    const starters = files.filter(file => /^import (?!type).*child_process'/m.test(textOf(file)));
    expect(starters).toEqual(['lib/compile/compile.ts']);
  });
});

/** Paths start at the root and keep the ending of the source. */
function sources(folder: string, ending: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter(name => name.endsWith(ending)).map(name => join(folder, name));
}

/** What a file imports: our own as paths from the root, the rest by name. */
function importsOf(file: string): string[] {
  const specifiers = textOf(file).matchAll(
    /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...specifiers].map(([, named, dynamic]) => resolve(file, named ?? dynamic ?? ''));
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return normalize(join(file, '..', specifier)).replace(/\.js$/, '.ts');
}

function isPure(name: string): boolean {
  return pure.some(room => name.startsWith(room));
}

function isOurs(name: string): boolean {
  return name.startsWith('lib/');
}

function isBuiltin(name: string): boolean {
  return name.startsWith('node:') && builtinModules.includes(name.slice(5));
}

function isPureBuiltin(name: string): boolean {
  return isBuiltin(name) && !livePlaces.includes(name.slice(5).split('/')[0] ?? '');
}

function textOf(file: string): string {
  return readFileSync(file, 'utf8');
}

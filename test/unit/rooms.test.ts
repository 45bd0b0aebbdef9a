/** The rooms of the house: a room imports lower floors only, one file loads the addon, every source is built. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { roomsAbove as doorsAbove } from '../../.setup/doors.mjs';
import { circlesIn, importsOf, sources } from '../support/imports.js';
import { floorOf, innerRooms, purity, roomsAbove, roomTable } from '../support/rooms.js';

const livePlaces = ['child_process', 'dgram', 'http', 'net', 'worker_threads'];
const files = sources('lib', '.ts');

describe('rooms', () => {
  it('are all in the list, and all of the list is there', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual([...floorOf.keys()].sort());
  });

  it.each([...floorOf.keys()])('%s imports lower floors only', room => {
    const climbing = importsIn(room).filter(([, to]) => roomOf(to) !== room && floorAt(to) >= floorAt(room));
    expect(climbing).toEqual([]);
  });

  it.each([...floorOf.keys()].filter(room => purity.get(room)))('%s is pure', room => {
    const live = files
      .filter(file => roomOf(file) === room)
      .flatMap(namesIn)
      .filter(name => !isPure(name));
    expect(live).toEqual([]);
  });

  it('have no more than 13 floors, but for those built on doors', () => {
    const inside = [...floorOf.keys()].filter(room => room !== 'cli' && !roomsAbove.includes(room));
    expect(Math.max(...inside.map(room => floorOf.get(room) ?? 0))).toBeLessThan(13);
  });

  it.each(roomsAbove)('%s goes through doors, as applications do', room => {
    const through = importsIn(room).filter(([, to]) => roomOf(to) !== room && !isOpenTo(to));
    expect(through).toEqual([]);
  });

  it('built on doors are those whose own doors are published', () => {
    expect(doorsAbove).toEqual(roomsAbove.filter(room => !innerRooms.includes(room)));
  });

  it('have no circle of files at run time', () => {
    const graph = files.map(file => {
      const needed = importsOf(file).filter(({ name, typesOnly }) => isOurs(name) && !typesOnly);
      return [file, needed.map(({ name }) => name)] as const;
    });
    expect(circlesIn(new Map(graph))).toEqual([]);
  });

  it('are the table in ARCHITECTURE; `vitest -u` prints it', async () => {
    const written = readFileSync('ARCHITECTURE.md', 'utf8');
    const printed = written.replace(/^\| floor \|(?:.*\n)+?(?!\|)/m, `${roomTable()}\n`);
    await expect(printed).toMatchFileSnapshot('../../ARCHITECTURE.md');
  });
});

describe('files', () => {
  /** A list is as long as what it lists. */
  const tables = [
    'lib/index.ts',
    'lib/map/rows.ts',
    'lib/verifier/mistakes.ts',
    'native/include/libbpf-ts/constants.bpf.h',
  ];
  const comment = /^\s*(\/\*\*?|\*|\/\/)/;

  it('have 200 lines at most beside their comments, tables apart', () => {
    const all = [...files, ...['.cc', '.h'].flatMap(ending => sources('native', ending))];
    const lines = (file: string) => textOf(file).trimEnd().split('\n');
    const long = all.filter(file => lines(file).filter(line => !comment.test(line)).length > 200);
    expect(long.sort()).toEqual(tables);
  });
});

describe('the addon', () => {
  it('is loaded by lib/native/native.ts alone', () => {
    const loaders = files.filter(file => /node-gyp-build|\.node['"`]|dlopen|findAddon/.test(textOf(file)));
    expect(loaders).toEqual(['lib/native/addon-file.ts', 'lib/native/native.ts']);
  });

  it('is built from every source file in native/', () => {
    const { addon_sources: listed } = JSON.parse(textOf('native/addon.gypi')).variables;
    expect(listed).toEqual(sources('native', '.cc'));
  });

  it('has the rooms of lib, and one for what they share', () => {
    const folders = new Set(sources('native', '.cc').map(file => file.split('/')[1] ?? ''));
    expect([...folders].filter(name => !floorOf.has(name))).toEqual(['core']);
    for (const folder of folders) expect(declaredIn(folder)).toEqual(exportedFrom(folder));
  });
});

describe('lib', () => {
  it('imports nothing that a user would have to install', () => {
    expect(files.filter(file => roomOf(file) !== 'bundler').flatMap(foreignIn)).toEqual([]);
  });

  it('imports optional peers where their users are', () => {
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(textOf('package.json'));
    expect(files.filter(file => roomOf(file) === 'bundler').flatMap(foreignIn)).toEqual(['unplugin']);
    expect(Object.keys(peerDependencies)).toEqual(['unplugin']);
    expect(peerDependenciesMeta).toEqual({ unplugin: { optional: true } });
  });

  it('starts no program but clang, and commands of people and their scripts', () => {
    const starters = files.filter(file => /^import (?!type).*child_process'/m.test(textOf(file)));
    expect(starters.sort()).toEqual([
      'lib/cli/trace/child.ts',
      'lib/compile/compile.ts',
      'lib/tool/started-command.ts',
      'lib/trace/run/actions.ts',
    ]);
  });
});

/** Doors; errors, the package's place and command lines, which stand on nothing; other rooms above by their own door. */
function isOpenTo(file: string): boolean {
  const ground = ['errors', 'package', 'command'].includes(roomOf(file));
  return ground || file === 'lib/index.ts' || file.startsWith('lib/doors/') || isDoorAbove(file);
}

function isDoorAbove(file: string): boolean {
  return roomsAbove.some(room => file === `lib/${room}/index.ts`);
}

/** Packages of others that a file imports. */
function foreignIn(file: string): string[] {
  return namesIn(file).filter(name => !isOurs(name) && !isBuiltin(name));
}

/** Functions that the C++ of a folder exports. */
function exportedFrom(folder: string): string[] {
  const code = sources(`native/${folder}`, '.cc').map(textOf).join('');
  return [...code.matchAll(/Export(?:Call|Job)\(\s*exports, "(\w+)"/g)].map(([, name = '']) => name).sort();
}

/** Those that TypeScript knows of it. */
function declaredIn(folder: string): string[] {
  const methods = textOf(`lib/native/addon/${folder}.ts`).matchAll(/^ {2}(\w+)\(/gm);
  return [...methods].map(([, name = '']) => name).sort();
}

/** `lib/map/array.ts` is in `map`, `lib/package.ts` is a room of its own. */
function roomOf(file: string): string {
  return /^lib\/([^/]+?)(?:\.ts|\/.*)$/.exec(file)?.[1] ?? '';
}

function floorAt(file: string): number {
  return floorOf.get(file) ?? floorOf.get(roomOf(file)) ?? Number.NaN;
}

/** Each import of our own in a room, as a pair of files. */
function importsIn(room: string): [from: string, to: string][] {
  const own = files.filter(file => roomOf(file) === room);
  return own.flatMap(file =>
    namesIn(file)
      .filter(isOurs)
      .map((name): [string, string] => [file, name]),
  );
}

function namesIn(file: string): string[] {
  return importsOf(file).map(({ name }) => name);
}

function isPure(name: string): boolean {
  return isOurs(name) ? purity.get(roomOf(name)) === true : isPureBuiltin(name);
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

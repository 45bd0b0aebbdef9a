/** The package's declarations under a compiler: all doors, imported and required. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { doors } from '../../.setup/doors.mjs';
import { installedProject } from './project.js';

/** How TypeScript finds modules: `module` and `moduleResolution`. */
export const ways: readonly Way[] = [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
];

type Way = readonly [module: string, moduleResolution: string];

/** A project that takes every door, as an ES module and as CommonJS, without the peers that they may have. */
export function projectOfDoors(): ReturnType<typeof installedProject> {
  const project = installedProject();
  const all = doors.map(
    ({ name, subpath }) => `export * as ${name} from '${subpath.replace('.', 'libbpf-ts')}';\n`,
  );
  const imported = `import { load, type BpfError } from 'libbpf-ts';\nexport const loading = load('x.bpf.o');\nexport type { BpfError };\n${all.join('')}`;
  writeFileSync(join(project.folder, 'imported.mts'), imported);
  writeFileSync(join(project.folder, 'required.cts'), imported);
  return project;
}

/** What a compiler, of which this is `bin/tsc`, says of the declarations, all of them checked; empty for nothing. */
export function complaintsOf(
  tsc: string,
  folder: string,
  [module, moduleResolution]: Way,
  lib = 'es2024,esnext.disposable',
): string {
  const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022'];
  const types = ['--types', 'node', '--typeRoots', resolve('node_modules/@types')];
  const libraries = ['--lib', lib, ...types];
  const how = ['--module', module, '--moduleResolution', moduleResolution];
  const args = [tsc, ...options, ...libraries, ...how, 'imported.mts', 'required.cts'];
  try {
    return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

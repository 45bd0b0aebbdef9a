/** Where a program or library is, by its name. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter } from 'node:path';

/** Folders that the dynamic linker looks into, of the distributions' two ways (ld.so(8)). */
const parents = ['/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib'];
const machines = ['x86_64-linux-gnu', 'aarch64-linux-gnu'];

/** A path as it is; a name in `PATH`; `libc` and its like where libraries are. */
export function resolveBinary(name: string): string {
  if (name.includes('/')) return name;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const inPath = folders.map(folder => `${folder}/${name}`).find(each => existsSync(each));
  return inPath ?? libraryPath(name) ?? name;
}

function libraryPath(name: string): string | undefined {
  const folders = parents.flatMap(parent => [parent, ...machines.map(machine => `${parent}/${machine}`)]);
  for (const folder of folders) {
    const names = namesIn(folder);
    // One without a version may be a text for the linker.
    const found =
      names.find(each => each === name || each.startsWith(`${name}.so.`)) ??
      names.find(each => each === `${name}.so`);
    if (found !== undefined) return `${folder}/${found}`;
  }
  return undefined;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Node in the versions that we promise, from the registry's packages of its binaries; kept in build/nodes. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

const platform = `node-linux-${process.arch}`;

/** By major version; the only place to raise them. */
export const nodeVersions = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' } as const;

/** The path of a Node binary, downloaded on first use. */
export function nodeBinary(version: string): string {
  const folder = resolve('build/nodes', version);
  if (!existsSync(folder)) download(`${platform}@${version}`, folder);
  return `${folder}/package/bin/node`;
}

/** Unpacks beside and renames, so that an interrupted download is not taken for a whole one. */
function download(spec: string, folder: string): void {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const pack = ['pack', spec, '--silent', '--pack-destination', partial];
  const tarball = execFileSync('npm', pack, { encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', `${partial}/${tarball}`, '-C', partial]);
  rmSync(`${partial}/${tarball}`);
  renameSync(partial, folder);
}

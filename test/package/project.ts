/** The tarball, and empty projects that take it, as users do. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

let made: string | undefined;

/** What `npm run package` makes; made once in a run. */
export function tarball(): string {
  made ??= resolve(output('.', process.execPath, '.setup/package.mjs').trim().split('\n').at(-1) ?? '');
  return made;
}

/** An empty project of this name; `remove` deletes it. */
export function emptyProject(manifest: object): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-project-'));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'project', private: true, ...manifest }),
  );
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A project that has the package and a generated module of a program that streams its own `getppid` calls. */
export function installedProject(manifest: object = { type: 'module' }): ReturnType<typeof emptyProject> {
  const project = emptyProject(manifest);
  for (const file of ['probe.bpf.o', 'probe.bpf.ts'])
    cpSync(join('test/bpf', file), join(project.folder, file));
  const options = ['--prefer-offline', '--no-audit', '--no-fund'];
  output(project.folder, 'npm', 'install', tarball(), ...options);
  return project;
}

/** Standard output of a command that must succeed; what it says on standard error is in the failure. */
export function output(cwd: string, command: string, ...args: string[]): string {
  return outputWith({}, cwd, command, ...args);
}

/** {@link output} with these in the environment. */
export function outputWith(
  environment: Readonly<Record<string, string>>,
  cwd: string,
  command: string,
  ...args: string[]
): string {
  const env = { ...process.env, ...environment };
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

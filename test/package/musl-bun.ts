/**
 * Bun for musl on a machine with glibc, for Node itself is in no registry for musl: Debian's loader of musl starts it.
 * What it takes from a libstdc++ for musl, which Debian lacks, is linked out of GCC's archive.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Suite } from '../vm/suite.mjs';
import { output } from './project.js';
import { toolFolder } from './tools.js';

const folder = resolve('build/package-tools/musl');
const loader = 'ld-musl-x86_64.so.1';
const bun = () =>
  join(toolFolder('@oven/bun-linux-x64-musl'), 'node_modules/@oven/bun-linux-x64-musl/bin/bun');

/** The command that starts it. */
export async function muslBun(): Promise<string[]> {
  if (!existsSync(folder)) await makeFolder();
  return [join(folder, loader), '--library-path', folder, bun()];
}

async function makeFolder(): Promise<void> {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const debian = new Suite('bookworm', 'amd64');
  await debian.update();
  await debian.unpack(['musl'], join(partial, 'debian'));
  copyFileSync(join(partial, 'debian/lib/x86_64-linux-musl/libc.so'), join(partial, loader));
  symlinkSync(loader, join(partial, 'libc.musl-x86_64.so.1'));
  linkLibrary(partial);
  renameSync(partial, folder);
}

/** What GCC's archive for glibc asks for and musl lacks. Exceptions cannot be caught so; Bun throws none. */
const missing = `
void *__dso_handle __attribute__((visibility("hidden"))) = &__dso_handle;
char __libc_single_threaded = 0;
int _dl_find_object(void *pc, void *result) { return -1; }
unsigned arc4random(void) { return 4; }
`;

function linkLibrary(into: string): void {
  const [source, object] = [join(into, 'missing.c'), join(into, 'missing.o')];
  writeFileSync(source, missing);
  execFileSync('cc', ['-O1', '-fno-stack-protector', '-fPIC', '-c', source, '-o', object]);
  const archives = ['libstdc++.a', 'libgcc_eh.a', 'libgcc.a'].map(name =>
    output('.', 'cc', `-print-file-name=${name}`).trim(),
  );
  const wanted = wantedOf(archives[0] ?? '').flatMap(name => ['-u', name]);
  const name = 'libstdc++.so.6';
  const options = ['-shared', '-soname', name, '-o', join(into, name), '--gc-sections'];
  execFileSync('ld', [...options, object, ...wanted, '--start-group', ...archives, '--end-group']);
}

/** The archive's symbols that Bun leaves to a library, those that it has a copy of among them. */
function wantedOf(archive: string): string[] {
  const lacking = output('.', 'nm', '-D', '--undefined-only', bun()).matchAll(/ [UwVv] (\w+)/g);
  const copied = output('.', 'readelf', '-rW', bun()).matchAll(/_COPY\s+\w+\s+(\w+)/g);
  const there = new Set(output('.', 'nm', '--defined-only', archive).match(/\w+$/gm));
  const names = [...lacking, ...copied].map(([, name = '']) => name);
  return [...new Set(names)].filter(name => there.has(name));
}

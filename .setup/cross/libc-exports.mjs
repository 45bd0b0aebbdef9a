// The names that a target's C library exports: from Debian's own packages of it, for each processor.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { debianMirrors, privateApt } from '../../native/deps/debian.mjs';
import { namesIn, output } from './check.mjs';
import { work } from './inputs.mjs';

const packages = { glibc: 'libc6', musl: 'musl' };
const architectures = { x64: 'amd64', arm64: 'arm64' };
const libraries = /^(lib(c|dl|pthread)\.so\.\d+|ld-linux.*\.so\.\d+|ld-musl-.*\.so\.1|libc\.so)$/;

/** @param {import('./targets.mjs').Target} target */
export function libcExports({ architecture, libc }) {
  const folder = unpacked(packages[libc], architectures[architecture]);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const found = files.filter(file => file.isFile() && libraries.test(file.name));
  return found.flatMap(file =>
    namesIn(output('nm', '-D', '--defined-only', join(file.parentPath, file.name))),
  );
}

/**
 * @param {string} name of a Debian package
 * @param {string} architecture as Debian calls it
 */
function unpacked(name, architecture) {
  const folder = join(work, 'libc', `${name}-${architecture}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const options = privateApt(
    join(work, 'apt', architecture),
    debianMirrors(),
    'bookworm',
    'deb',
    architecture,
  );
  execFileSync('apt-get', [...options, 'update'], { stdio: ['ignore', 'ignore', 'pipe'] });
  execFileSync('apt-get', [...options, 'download', name], {
    cwd: partial,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [archive = ''] = readdirSync(partial);
  execFileSync('dpkg-deb', ['--extract', archive, '.'], { cwd: partial });
  renameSync(partial, folder);
  return folder;
}

// What must be installed, for what, and from which Debian package.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { run } from './command.mjs';
import { fail, step } from './progress.mjs';

/** @typedef {'build' | 'bpf' | 'test' | 'vm' | 'lint' | 'debug' | 'arm64' | 'package' | 'docs'} Purpose */
/** @typedef {{ purpose: Purpose, package: string, installed: () => boolean }} Need */

/** @type {Need[]} */
const needs = [
  { purpose: 'build', package: 'g++', installed: command('g++') },
  { purpose: 'build', package: 'make', installed: command('make') },
  { purpose: 'build', package: 'python3', installed: command('python3') },
  { purpose: 'build', package: 'libelf-dev', installed: library('libelf.a') },
  { purpose: 'build', package: 'zlib1g-dev', installed: library('libz.a') },
  { purpose: 'package', package: 'binutils', installed: command('readelf') },
  { purpose: 'package', package: 'bzip2', installed: command('bzip2') },
  { purpose: 'bpf', package: 'clang', installed: command('clang') },
  { purpose: 'test', package: 'bpftool', installed: command('bpftool') },
  { purpose: 'test', package: 'pahole', installed: command('pahole') },
  { purpose: 'test', package: 'binutils', installed: command('readelf') },
  { purpose: 'test', package: 'llvm', installed: command('llvm-objcopy') },
  { purpose: 'test', package: 'iproute2', installed: command('ip') },
  { purpose: 'test', package: 'iputils-ping', installed: command('ping') },
  { purpose: 'test', package: 'curl', installed: command('curl') },
  { purpose: 'test', package: 'procps', installed: command('ps') },
  { purpose: 'test', package: 'libcap2-bin', installed: command('setcap') },
  { purpose: 'test', package: 'systemd', installed: command('systemd-analyze') },
  { purpose: 'test', package: 'debootstrap', installed: command('debootstrap') },
  { purpose: 'test', package: 'runc', installed: command('runc') },
  { purpose: 'test', package: 'strace', installed: command('strace') },
  { purpose: 'test', package: 'systemtap-sdt-dev', installed: command('dtrace') },
  { purpose: 'vm', package: 'qemu-system-x86', installed: command('qemu-system-x86_64') },
  { purpose: 'vm', package: 'qemu-system-common', installed: () => virtiofsd() !== undefined },
  { purpose: 'vm', package: 'kmod', installed: command('depmod') },
  { purpose: 'vm', package: 'xz-utils', installed: command('xz') },
  { purpose: 'debug', package: 'cmake', installed: command('cmake') },
  { purpose: 'vm', package: 'zstd', installed: command('zstd') },
  { purpose: 'vm', package: 'lz4', installed: command('lz4') },
  { purpose: 'arm64', package: 'qemu-system-arm', installed: command('qemu-system-aarch64') },
  { purpose: 'docs', package: 'chromium', installed: command('chromium') },
  { purpose: 'lint', package: 'clang-tidy', installed: command('clang-tidy') },
];

/**
 * Ends the process where something is missing for some purposes, with what it is.
 *
 * @param {readonly Purpose[]} purposes
 */
export function requirePackages(purposes) {
  const names = missingFor(purposes).map(need => need.package);
  if (names.length > 0) fail(`These packages are missing: ${names.join(' ')}. npm run setup installs them.`);
}

/** @param {readonly Purpose[]} purposes */
function missingFor(purposes) {
  return needs.filter(need => purposes.includes(need.purpose) && !need.installed());
}

/**
 * Installs what is missing for some purposes.
 *
 * @param {readonly Purpose[]} purposes
 */
export async function installPackages(purposes) {
  const missing = missingFor(purposes);
  if (missing.length === 0) return;
  const names = missing.map(need => need.package).join(' ');
  if (!command('apt-get')())
    fail(`There is no apt-get here: install what Debian calls ${names}, then run this again.`);
  if (process.getuid?.() !== 0)
    fail(`Installing packages needs root: run this with sudo, or apt-get install ${names}.`);
  await step('read the package lists', log => run(log, ['apt-get', 'update']));
  await step(`install ${names}`, log =>
    run(log, ['apt-get', 'install', '--yes', '--no-install-recommends', ...names.split(' ')]),
  );
  const absent = missing.filter(need => !need.installed()).map(need => need.package);
  if (absent.length > 0)
    fail(`Debian has ${absent.join(' ')} as installed, but not its files: apt-get install --reinstall it.`);
}

/** Where the daemon is that shows folders to virtual machines; it has moved with its rewrite. */
export function virtiofsd() {
  return ['/usr/lib/qemu/virtiofsd', '/usr/libexec/virtiofsd'].find(path => existsSync(path));
}

/** @param {string} name */
function command(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return () => folders.some(folder => existsSync(join(folder, name)));
}

/** @param {string} file */
function library(file) {
  return () =>
    command('cc')() && isAbsolute(execFileSync('cc', [`-print-file-name=${file}`], { encoding: 'utf8' }));
}

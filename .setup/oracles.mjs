// Debian's newest tracing tools in a root of their own: what tests of ours are compared with.
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './paths.mjs';

/** Where the root is. */
export const oracleRoot = join(root, 'build/sid');

/**
 * How a program of it is started: with the machine's /proc, /sys and /dev, mounted in a namespace that ends with it, and
 * lines that come as they are written.
 *
 * @param {readonly string[]} command
 */
export function oracleCommand(command) {
  const mounts = ['proc', 'sys', 'dev'].map(name => `mount --rbind /${name} "$0/${name}"`).join(' && ');
  const script = `${mounts} && exec chroot "$0" stdbuf -oL "$@"`;
  return ['unshare', '--mount', 'sh', '-c', script, oracleRoot, ...command];
}

/** Makes it; it appears whole. @param {import('./progress.mjs').Log} log */
export async function makeOracles(log) {
  const partial = `${oracleRoot}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const include = '--include=libbpf-tools,bpftrace,prometheus';
  await run(log, ['debootstrap', '--variant=minbase', include, 'sid', partial, mirror()]);
  rmSync(oracleRoot, { recursive: true, force: true });
  renameSync(partial, oracleRoot);
}

/** Where this machine has its packages from. */
function mirror() {
  const sites = execFileSync('apt-get', ['indextargets', '--format', '$(SITE)'], { encoding: 'utf8' });
  const site = sites.split('\n').find(line => /\/debian\/?$/.test(line));
  if (site === undefined) throw new Error('apt is not configured for a mirror of Debian');
  return site;
}

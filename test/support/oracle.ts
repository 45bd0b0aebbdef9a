/** Debian's newest tools, libbpf-tools and bpftrace, as oracles: `npm run setup` makes a root of their own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { oracleRoot } from '../../.setup/oracles.mjs';

/**
 * Starts a program of it, such as `opensnoop-libbpf`, with the machine's /proc, /sys and /dev, which are mounted in a
 * namespace that ends with it. Lines come as they are written.
 */
export function oracle(command: string, ...args: readonly string[]): ChildProcessWithoutNullStreams {
  if (!existsSync(oracleRoot)) throw new Error(`there is no ${oracleRoot}: npm run setup makes it`);
  const mounts = ['proc', 'sys', 'dev'].map(name => `mount --rbind /${name} "$0/${name}"`).join(' && ');
  const script = `${mounts} && exec chroot "$0" stdbuf -oL "$@"`;
  return spawn('unshare', ['--mount', 'sh', '-c', script, oracleRoot, command, ...args]);
}

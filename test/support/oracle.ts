/** Debian's newest tools, libbpf-tools and bpftrace, as oracles: `npm run setup` makes a root of their own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { oracleCommand, oracleRoot } from '../../.setup/oracles.mjs';

/** Starts a program of it, such as `opensnoop-libbpf`. Where there is no such root, tests that ask for it fail. */
export function oracle(...command: readonly string[]): ChildProcessWithoutNullStreams {
  if (!existsSync(oracleRoot)) throw new Error(`there is no ${oracleRoot}: npm run setup makes it`);
  const [file = '', ...args] = oracleCommand(command);
  return spawn(file, args);
}

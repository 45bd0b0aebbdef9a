/** A workload with a known answer: executions, of which each must be seen once, as it was. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** One execution: what is asked for, and how the kernel answers. */
export interface Execution {
  readonly path: string;
  readonly args: readonly string[];
  /** 0, or a negative errno. */
  readonly retval: number;
}

/** What `execsnoop` keeps of an execution. */
export interface Kept {
  readonly text: Buffer;
  readonly truncated: boolean;
}

const { EACCES, E2BIG, ENOENT, ENOTDIR } = constants.errno;

/** Files to execute and not to; gone when the tests have ended. */
function makeFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, 'script with a space');
  writeFileSync(script, '#!/bin/sh -e\nexit 0\n');
  chmodSync(script, 0o755);
  const text = join(folder, 'text');
  writeFileSync(text, 'no program\n');
  return { folder, script, text };
}

/** Twenty kinds of executions; `token` makes the arguments of each one unique. */
function kinds(token: string): Execution[] {
  const { script, text, folder } = files;
  const ok = (...args: string[]): Execution => ({
    path: '/bin/true',
    args: ['true', token, ...args],
    retval: 0,
  });
  const fails = (path: string, errno: number): Execution => ({ path, args: [path, token], retval: -errno });
  return [
    ok(),
    ok('a', 'b', 'c'),
    ok('', '', ''),
    ok('with space', ' ', '\t', 'trailing '),
    ok('naïve', '日本語', '🐝', 'e\u0301'),
    ok('line\nbreak', '\r\n', '\x1b[31mred\x1b[0m', '\x01\x7f'),
    ok("'", '"', '\\', '$HOME', '`id`', '-- -x', '*'),
    { path: '/bin/true', args: [token], retval: 0 },
    { path: script, args: ['not its name', token, 'for the script'], retval: 0 },
    fails('/no/such/file', ENOENT),
    fails(`${folder}/none`, ENOENT),
    fails(text, EACCES),
    fails(folder, EACCES),
    fails(`${text}/below`, ENOTDIR),
    { path: '/bin/true', args: ['true', token, 'x'.repeat(200_000)], retval: -E2BIG },
    ok(...numbers(126)),
    ok(...numbers(127)),
    ok(...numbers(2000)),
    ok('x'.repeat(1022), 'y'.repeat(1023), 'z'.repeat(1024), 'é'.repeat(600)),
    ok(...numbers(20).map(number => number.padEnd(900, '.'))),
  ];
}

const files = makeFiles();

/** The whole workload: each of twenty kinds, so many times. */
export function executions(rounds: number): Execution[] {
  return Array.from({ length: rounds }, (_, round) => kinds(`round ${round} of ${process.pid}`)).flat();
}

/**
 * Executes, as a child of this process.
 *
 * @returns its process id; 0 when it could not be executed, for then Node does not tell
 */
export async function execute(execution: Execution): Promise<number> {
  try {
    return await executed(execution);
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno !== undefined && errno === execution.retval) return 0;
    throw error;
  }
}

/** Some errnos Node throws at once, others it emits. */
function executed({ path, args: [argv0 = '', ...rest], retval }: Execution): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, rest, { argv0, stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', () => (retval === 0 ? resolve(child.pid ?? 0) : reject(new Error(`${path} ran`))));
  });
}

/** Executes all of them, a few at a time. */
export async function executeAll(all: readonly Execution[]): Promise<number[]> {
  const pids: number[] = [];
  const queue = [...all.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) pids[next[0]] = await execute(next[1]);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return pids;
}

/** The limits of execsnoop.bpf.c: 128 arguments, 1023 bytes of each, no more once 6976 bytes are full. */
export function kept({ path, args }: Execution): Kept {
  const parts: Buffer[] = [];
  let [size, truncated] = [0, args.length > 128];
  for (const string of [path, ...args.slice(0, 128)]) {
    const bytes = Buffer.from(string);
    if (size >= 8000 - 1024) truncated = true;
    else {
      parts.push(bytes.subarray(0, 1023), Buffer.of(0));
      size += Math.min(bytes.length, 1023) + 1;
      truncated ||= bytes.length > 1023;
    }
  }
  return { text: Buffer.concat(parts), truncated };
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

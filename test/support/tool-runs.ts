/** Tools beside their oracles: both watch one process while it does what it was written to do. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { checkout } from './child.js';
import { oracle } from './oracle.js';
import { seconds } from './time.js';

const main = join(checkout, 'dist/cli/main.js');

/** A process whose output is kept. */
export class Watched {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    child.stdout.on('data', chunk => (this.stdout += chunk));
    child.stderr.on('data', chunk => (this.stderr += chunk));
    this.ended = new Promise(resolve => child.on('close', resolve));
    // Where a test fails, nothing goes on tracing.
    onTestFinished(() => void child.kill());
  }

  /** Waits until it has said this. */
  async says(text: RegExp): Promise<void> {
    await expect.poll(() => this.stdout + this.stderr, { timeout: seconds(15) }).toMatch(text);
  }

  /** Waits until it has so many lines and nothing more to say: libbpf-tools end without reading what waits. */
  async settles(lines = 0): Promise<void> {
    const count = () => this.stdout.split('\n').length;
    await expect.poll(count, { timeout: seconds(5) }).toBeGreaterThan(lines);
    for (let before = -1; before !== this.stdout.length; await sleep(seconds(0.3)))
      before = this.stdout.length;
  }

  /** Has it end, as Ctrl-C does. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGINT');
    return this.ended;
  }
}

/** Switches away from a thread. */
export interface Switches {
  readonly waited: number;
  readonly preempted: number;
}

/** A Python program that waits for its turn, works and waits for the end. */
export class Workload extends Watched implements AsyncDisposable {
  readonly pid: number;

  private constructor(text: string) {
    const script = [
      'import os, sys, time, signal, socket, threading, subprocess, ctypes, mmap, errno, fcntl, struct',
      "print('ready', flush=True); sys.stdin.readline()",
      text,
      "print('done', flush=True); sys.stdin.readline()",
    ].join('\n');
    super(spawn('python3', ['-B', '-S', '-c', script]));
    this.pid = this.child.pid ?? 0;
  }

  static async start(text: string): Promise<Workload> {
    const workload = new Workload(text);
    await workload.says(/ready/);
    return workload;
  }

  /** Puts it into a cgroup, which what it starts is born in. */
  enter({ path }: { readonly path: string }): void {
    writeFileSync(join(path, 'cgroup.procs'), `${this.pid}`);
  }

  /** How often the kernel has taken it off the CPU, because it waited and because others were due: proc_pid_status(5). */
  switches(): Switches {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const count = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1]);
    return { waited: count('voluntary_ctxt_switches'), preempted: count('nonvoluntary_ctxt_switches') };
  }

  /** Its work, to the end. */
  async work(): Promise<void> {
    this.child.stdin.write('\n');
    await this.says(/done/);
    expect(this.stderr).toBe('');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.stdin.end('\n');
    await this.ended;
  }
}

/** Starts a tool and waits until it traces. */
export async function startTool(...args: readonly string[]): Promise<Watched> {
  const tool = new Watched(spawn(process.execPath, [main, ...args]));
  await tool.says(/tracing( by \w+)?; Ctrl-C ends it|error/);
  return tool;
}

/** Starts an oracle and waits until it has said that it traces. */
export async function startOracle(
  begun: RegExp,
  ...command: readonly [string, ...string[]]
): Promise<Watched> {
  const watched = new Watched(oracle(...command));
  await watched.says(begun);
  return watched;
}

/** What a tool printed as JSON, row by row. */
export function rowsOf<Row = Record<string, unknown>>({ stdout }: Pick<Watched, 'stdout'>): Row[] {
  const lines = stdout.split('\n').filter(line => line !== '');
  return lines.map(line => JSON.parse(line));
}

/** The lines of an oracle's table, as words, whose first word is a number or a time. */
export function wordsOf({ stdout }: Pick<Watched, 'stdout'>): string[][] {
  const lines = stdout.split('\n').filter(line => /^\s*\d/.test(line));
  return lines.map(line => line.trim().split(/\s+/));
}

/**
 * Both at the same time around the work: each has all of it.
 *
 * @param lines - how many the oracle must print
 */
export async function beside(
  workload: Workload,
  tool: readonly string[],
  begun: RegExp,
  command: readonly [string, ...string[]],
  lines?: number,
): Promise<{ ours: Watched; theirs: Watched; switches: Switches }> {
  const [ours, theirs] = await Promise.all([startTool(...tool), startOracle(begun, ...command)]);
  const before = workload.switches();
  await workload.work();
  await theirs.settles(lines);
  const after = workload.switches();
  await Promise.all([ours.stop(), theirs.stop()]);
  const [waited, preempted] = [after.waited - before.waited, after.preempted - before.preempted];
  return { ours, theirs, switches: { waited, preempted } };
}

/** Runs a tool with a command that it follows, to the end. */
export async function toolWith(...args: readonly string[]): Promise<Watched & { code: number | null }> {
  const tool = new Watched(spawn(process.execPath, [main, ...args]));
  const code = await tool.ended;
  return Object.assign(tool, { code });
}

/** Compiles C on the spot: BPF objects whose types and bytes tests compare with. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { temporary } from './temporary.js';

/** A compiled file; `path` is there until the test file ends. */
export interface Compiled {
  readonly path: string;
  readonly bytes: Uint8Array;
}

let count = 0;

/** An object of this C source, with types. `target`: `bpf`, `bpfel`, `bpfeb`, or another of clang's. */
export function compile(source: string, target = 'bpf', options: readonly string[] = ['-g']): Compiled {
  const stem = temporary(`object${count++}`);
  writeFileSync(`${stem}.bpf.c`, source);
  const flags = ['-target', target, '-O2', ...options, '-c', `${stem}.bpf.c`, '-o', `${stem}.bpf.o`];
  execFileSync('clang', flags, { stdio: ['ignore', 'ignore', 'inherit'] });
  return { path: `${stem}.bpf.o`, bytes: new Uint8Array(readFileSync(`${stem}.bpf.o`)) };
}

/** What a C program prints, compiled for this machine. */
export function output(source: string): string {
  const stem = temporary(`program${count++}`);
  writeFileSync(`${stem}.c`, source);
  execFileSync('gcc', ['-O0', '-w', '-Wno-packed-bitfield-compat', `${stem}.c`, '-o', stem]);
  return execFileSync(stem, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** What a tool prints. */
export function run(tool: string, ...options: readonly string[]): string {
  // pahole complains of what it does not know; that it fails is enough to hear.
  return execFileSync(tool, options, {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

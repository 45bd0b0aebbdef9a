/** Where a script's output goes: a file as it is, a terminal without what could control it. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { print } from '../../command/output.js';

export interface Output extends Disposable {
  write(text: string): void;
}

/** @param path - a file, which is made anew; else standard output */
export function openOutput(path: string | undefined): Output {
  if (path !== undefined) return fileOutput(path);
  return { write: process.stdout.isTTY ? print : writePlain, [Symbol.dispose]: () => {} };
}

/** Whoever reads it from a pipe gets the script's own bytes, as bpftrace gives them. */
function writePlain(text: string): void {
  process.stdout.write(text);
}

function fileOutput(path: string): Output {
  const file = openSync(path, 'w');
  return { write: text => void writeSync(file, text), [Symbol.dispose]: () => closeSync(file) };
}

/** Where a script's output goes: a file as it is, a terminal without what could control it. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { print, printFile } from '../../command/output.js';

export interface Output extends Disposable {
  write(text: string): void;
}

/**
 * What reads from a pipe gets the script's own bytes, as bpftrace gives them.
 *
 * @param path - a file, which is made anew; else standard output
 */
export function openOutput(path: string | undefined): Output {
  if (path !== undefined) return fileOutput(path);
  return { write: process.stdout.isTTY ? print : printFile, [Symbol.dispose]: () => {} };
}

function fileOutput(path: string): Output {
  const file = openSync(path, 'w');
  return { write: text => void writeSync(file, text), [Symbol.dispose]: () => closeSync(file) };
}
